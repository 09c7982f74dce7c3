import { mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { smallBundle } from '../../test/policy/small.ts'
import { PolicyArchive } from './policy-archive.ts'

const BUNDLE = smallBundle('@id("a") permit (principal is Task, action, resource);')
const NAME = `${BUNDLE.set.hash}.json`
const MOST = 200

async function archiveIn(...folders: readonly string[]) {
  const folder = join(await mkdtemp(join(tmpdir(), 'remit-archive-')), ...folders)
  return { folder, archive: new PolicyArchive(folder) }
}

/** Files named like sets, the first the oldest. */
async function older(folder: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `${String(count - index).padStart(64, '0')}.json`)
  await Promise.all(
    names.map(async (name, second) => {
      await writeFile(join(folder, name), '')
      await utimes(join(folder, name), second, second)
    }),
  )
  return names
}

describe('R-POL-7: the set that decided is found by its hash', () => {
  test('with all that explains it, and lies where nobody else may read', async () => {
    const { folder, archive } = await archiveIn('a', 'b')
    await archive.keep(BUNDLE)
    const found = await archive.find(BUNDLE.set.hash)
    expect(found?.set.hash).toBe(BUNDLE.set.hash)
    expect(found?.parsed).toEqual(BUNDLE.parsed)
    expect(found?.schemaText).toBe(BUNDLE.schemaText)
    expect(await readdir(folder)).toEqual([NAME])
    const modes = await Promise.all([folder, join(folder, NAME)].map(async (path) => stat(path)))
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600])
  })

  test('and only as what its name says', async () => {
    const { folder, archive } = await archiveIn()
    await archive.keep(BUNDLE)
    const content = await readFile(join(folder, NAME), 'utf8')
    const other = `${'0'.repeat(64)}.json`
    await writeFile(join(folder, other), content)
    expect(await archive.find('0'.repeat(64))).toBeUndefined()
    await writeFile(join(folder, NAME), content.replace('"permit"', '"forbid"'))
    expect(await archive.find(BUNDLE.set.hash)).toBeUndefined()
    await writeFile(join(folder, NAME), 'nonsense')
    expect(await archive.find(BUNDLE.set.hash)).toBeUndefined()
    expect(await archive.find('1'.repeat(64))).toBeUndefined()
  })

  test('a name that is no hash reads nothing, wherever it leads', async () => {
    const { folder, archive } = await archiveIn('sets')
    await archive.keep(BUNDLE)
    await mkdir(join(folder, 'x'))
    const content = await readFile(join(folder, NAME))
    for (const path of [join(folder, '..', NAME), join(folder, 'x', NAME), join(folder, `x${NAME}`)])
      await writeFile(path, content)
    const { hash } = BUNDLE.set
    for (const name of [`../${hash}`, `x/${hash}`, `x${hash}`, `../sets/${hash}`, hash.toUpperCase(), ''])
      expect([name, await archive.find(name)]).toEqual([name, undefined])
  })

  test('the oldest go when there are too many, and what is no set is left alone', async () => {
    const { folder, archive } = await archiveIn()
    await writeFile(join(folder, 'notes.txt'), '')
    await older(folder, 150)
    await archive.keep(BUNDLE)
    expect(await readdir(folder)).toHaveLength(152)
    const names = await older(folder, MOST - 1)
    await archive.keep(BUNDLE)
    const full = await readdir(folder)
    expect(full).toHaveLength(MOST + 1)
    const more = await older(folder, MOST + 1)
    expect(names).not.toContain(more[0])
    await archive.keep(BUNDLE)
    const left = await readdir(folder)
    expect(left).toHaveLength(MOST + 1)
    expect(left).toContain('notes.txt')
    expect(left).toContain(NAME)
    expect(more.filter((name) => !left.includes(name))).toEqual(more.slice(0, 2))
  })

  test('where it cannot be kept, whoever relies on it hears so', async () => {
    const { folder } = await archiveIn()
    await writeFile(join(folder, 'file'), '')
    await expect(new PolicyArchive(join(folder, 'file')).keep(BUNDLE)).rejects.toThrow('EEXIST')
  })

  test('without a folder nothing is kept or found', async () => {
    const archive = new PolicyArchive(undefined)
    await archive.keep(BUNDLE)
    expect(await archive.find(BUNDLE.set.hash)).toBeUndefined()
  })
})
