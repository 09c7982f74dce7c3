import { readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chain, operation, packFolder, request, SCHEMA_FILE, task } from '../../test/policy/samples.ts'
import type { RemitError } from '../core/errors.ts'
import { parsedBefore } from '../../test/support/shared-caches.ts'
import { loadPolicySet } from './load-policy-set.ts'
import { problemText } from './problem.ts'
import { runParseJob } from './run-parse-job.ts'

const TEMPLATE = `@id("folder")
@reason("this workflow may write there")
permit (principal in ?principal, action == Action::"file.write", resource is File in ?resource)
when { context.pinned };`

/** What humans may do themselves. */
const HUMANS = '@id("humans") permit (principal is Human, action == Action::"file.write", resource);'

const LINKS = `- newId: docs-writers
  template: folder
  values: { "?principal": 'Workflow::"docs"', "?resource": 'Directory::"docs"' }
- newId: test-writers
  template: folder
  values: { "?principal": 'Workflow::"fix-tests"', "?resource": 'Directory::"test"' }
`

async function load(links: string | undefined, text = TEMPLATE, name = 'links.yaml') {
  const folder = await packFolder(`${text}\n${HUMANS}`)
  if (links !== undefined) await writeFile(join(folder, name), links)
  const cacheDir = parsedBefore().cacheDir ?? (await mkdtemp(join(tmpdir(), 'remit-cache-')))
  return { folder, locations: { folders: [folder], schemaFile: SCHEMA_FILE, cacheDir } }
}

async function refusal(links: string | undefined, text?: string): Promise<string> {
  const { locations } = await load(links, text)
  const error = await loadPolicySet(locations).catch((thrown: unknown) => thrown as RemitError)
  return 'message' in error ? error.message.replaceAll(/^[^/]*\//gm, '') : 'accepted'
}

function write(workflow: string, folder: string) {
  const ancestors = [{ type: 'Directory', id: folder }]
  return request([operation('file.write', { id: `${folder}/a.ts`, ancestors })], {
    chain: chain(task({ workflow })),
  })
}

test('R-POL-3: each link makes a policy of its own, named, with the template’s reason', async () => {
  const { locations } = await load(LINKS)
  const set = await loadPolicySet(locations)
  const linked = set.policies.filter(({ id, source }) => source === 'pack' && id !== 'humans')
  expect(linked.map(({ id }) => id)).toEqual(['docs-writers', 'test-writers'])
  expect(set.decide(write('docs', 'docs'))).toMatchObject({
    effect: 'allow',
    policies: ['docs-writers'],
    reasons: [{ text: 'this workflow may write there' }],
  })
  expect(set.decide(write('fix-tests', 'test')).policies).toEqual(['test-writers'])
  expect(set.decide(write('docs', 'test')).effect).toBe('deny')
})

test('R-POL-3: a warm start links the same, and a changed template or link is seen', async () => {
  const { folder, locations } = await load(LINKS)
  const cold = await loadPolicySet(locations)
  expect((await loadPolicySet(locations)).hash).toBe(cold.hash)
  await writeFile(join(folder, 'links.yaml'), LINKS.replace('Directory::"docs"', 'Directory::"doc"'))
  expect((await loadPolicySet(locations)).hash).not.toBe(cold.hash)
  await writeFile(join(folder, 'links.yaml'), LINKS)
  await writeFile(join(folder, 'pack.cedar'), TEMPLATE.replace('context.pinned', '!context.pinned'))
  expect((await loadPolicySet(locations)).decide(write('docs', 'docs')).effect).toBe('deny')
})

test('links may be JSON', async () => {
  const links = [
    {
      newId: 'one',
      template: 'folder',
      values: { '?principal': 'Workflow::"docs"', '?resource': 'Directory::"d"' },
    },
  ]
  const { locations } = await load(JSON.stringify(links), TEMPLATE, 'links.json')
  expect((await loadPolicySet(locations)).decide(write('docs', 'd')).effect).toBe('allow')
})

const [FIRST = ''] = LINKS.split('- newId: test')
const WRONG: readonly (readonly [links: string, expected: string])[] = [
  [
    FIRST.replace('template: folder', 'template: foldr'),
    '2:13: no template has the id `foldr` (did you mean `folder`?)',
  ],
  [FIRST.replace(`, "?resource": 'Directory::"docs"'`, ''), '3:11: slot `?resource` has no value'],
  [FIRST.replace('Directory::"docs"', 'docs'), '3:60: `docs` is no entity'],
  [FIRST.replace('Directory::"docs"', 'Directry::"docs"'), '1:3: unrecognized entity type `Directry`'],
  [FIRST.replace('docs-writers', 'remit:x'), '1:3: ids that start with `remit:` are Remit’s own'],
  [FIRST.replace('values', 'valeus'), '1:3: '],
  ['- {newId: x', '1:12: '],
]

describe('R-POL-3: a wrong link is refused where it stands', () => {
  test('with what was meant', () => {
    // One job for all of them, since the engine reads the schema anew in each.
    const schema = { file: 'remit.cedarschema', text: readFileSync(SCHEMA_FILE, 'utf8') }
    const templates = [{ file: 'pack.cedar', text: TEMPLATE }]
    const sources = WRONG.map(([text], row) => ({ file: `${row}.yaml`, text, templates }))
    const complaints = runParseJob({ sources, schema }).problems.map(problemText)
    for (const [row, [text, expected]] of WRONG.entries()) {
      const lines = complaints.filter((line) => line.startsWith(`${row}.yaml:`))
      expect({ text, lines: lines.join('\n') }).toEqual({
        text,
        lines: expect.stringContaining(`${row}.yaml:${expected}`),
      })
    }
  })

  test('a template without a link, and an id that two links have', async () => {
    expect(await refusal(undefined)).toContain(
      'pack.cedar:1:1: the template `folder` has no link (add one to the links.yaml beside it',
    )
    expect(await refusal(LINKS.replace('test-writers', 'docs-writers'))).toContain(
      'links.yaml:4:3: two policies have the id `docs-writers`',
    )
  })
})

test('R-POL-3: a mistake in a template is reported where the template stands', async () => {
  expect(await refusal(LINKS, TEMPLATE.replace('context.pinned', 'context.pined'))).toMatch(
    /^pack\.cedar:4:\d+: .*did you mean `pinned`/,
  )
})

test('R-POL-3: a template can carry a gate', async () => {
  const gate = `@id("ask") @consent("docs") forbid (principal, action, resource in ?resource);`
  const links = `${LINKS}- {newId: ask-docs, template: ask, values: {"?resource": 'Directory::"docs"'}}\n`
  const { locations } = await load(links, `${TEMPLATE}\n${gate}`)
  expect((await loadPolicySet(locations)).decide(write('docs', 'docs'))).toMatchObject({
    effect: 'consent',
    gates: [{ scope: 'docs', policy: 'ask-docs' }],
  })
})
