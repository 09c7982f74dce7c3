import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RemitError } from '../core/errors.ts'
import { readPack, readPolicyText } from './read-pack.ts'

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'remit-pack-'))
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
  return folder
}
async function refusal(reading: Promise<unknown>): Promise<RemitError> {
  return reading.then(
    () => {
      throw new Error('it was read')
    },
    (thrown: unknown) => thrown as RemitError,
  )
}

describe('R-POL-3: the files of a pack', () => {
  test('are its policies in the order of their names, then its links with all of them', async () => {
    const folder = await folderOf({
      'b.cedar': 'B',
      'a.cedar': 'ä',
      'links.json': '[]',
      'links.yaml': '- x',
      'cases.yaml': '',
      'a.cedar.bak': 'no',
      'README.md': 'no',
    })
    const name = basename(folder)
    const policies = [
      { file: `${name}/a.cedar`, text: 'ä' },
      { file: `${name}/b.cedar`, text: 'B' },
    ]
    expect(await readPack(folder)).toEqual([
      ...policies,
      { file: `${name}/links.yaml`, text: '- x', templates: policies },
      { file: `${name}/links.json`, text: '[]', templates: policies },
    ])
  })

  test('need no links', async () => {
    const folder = await folderOf({ 'a.cedar': '' })
    expect(await readPack(folder)).toEqual([{ file: `${basename(folder)}/a.cedar`, text: '' }])
  })

  test('must be there: a folder without policies protects nothing', async () => {
    const folder = await folderOf({ 'links.yaml': '[]' })
    expect(await refusal(readPack(folder))).toMatchObject({
      code: 'policy_invalid',
      message: `the folder \`${folder}\` holds no .cedar file; add one or leave the folder out`,
    })
    expect(await refusal(readPack(join(folder, 'none')))).toMatchObject({
      code: 'policy_invalid',
      message: `\`${join(folder, 'none')}\` cannot be read; check that it exists and who may read it`,
      cause: { code: 'ENOENT' },
    })
  })

  test('must be UTF-8: what is read otherwise than it was written is not what somebody reviewed', async () => {
    const folder = await folderOf({ 'a.cedar': Uint8Array.of(0x61, 0xff) })
    expect(await refusal(readPack(folder))).toMatchObject({
      code: 'policy_invalid',
      message: `\`${join(folder, 'a.cedar')}\` is not UTF-8 text`,
      cause: expect.any(TypeError),
    })
    expect(await refusal(readPolicyText(join(folder, 'b.cedar')))).toMatchObject({
      code: 'policy_invalid',
      message: `\`${join(folder, 'b.cedar')}\` cannot be read; check that it exists and who may read it`,
      cause: { code: 'ENOENT' },
    })
  })
})
