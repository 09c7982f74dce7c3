import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getCedarSDKVersion } from '@cedar-policy/cedar-wasm/nodejs'
import { describe, expect, test } from 'vitest'
import { PACK, packFolder, SCHEMA_FILE, setOf } from '../../test/policy/samples.ts'
import type { RemitError } from '../core/errors.ts'
import { loadPolicySet } from './load-policy-set.ts'
import { CEDAR_WASM_VERSION } from './policy-cache.ts'
import { problemText } from './problem.ts'
import { runParseJob } from './run-parse-job.ts'

/** Messages without the folder's random name. */
async function refusal(text: string): Promise<readonly string[]> {
  const error = await setOf(text).then(
    () => undefined,
    (thrown: unknown) => thrown as RemitError,
  )
  expect(error?.code).toBe('policy_invalid')
  return (error?.message ?? '').split('\n').map((line) => line.replace(/^[^/]*\//, ''))
}

const PERMIT = 'permit (principal is Task, action == Action::"file.read", resource);'
const FORBID = 'forbid (principal is Task, action == Action::"file.read", resource);'

describe('R-POL-3: a bad policy is refused with file, line and column', () => {
  const table: readonly (readonly [string, string])[] = [
    [
      `@id("a")\n${PERMIT.replace('file.read', 'file.reed')}`,
      '2:38: unrecognized action `Action::"file.reed"` (did you mean `Action::"file.read"`?)',
    ],
    [`@id("a") ${FORBID.replace(';', ' when { resource.labls.contains("x") };')}`, 'did you mean `labels`?'],
    [`// ünïcödé 🙂\n@id("a") ${FORBID.replace(';', ' when { resource.labls.contains("x") };')}`, '2:85: '],
    [
      `@id("a")\npermit (principal, action, resorce);`,
      '2:28: found an invalid variable in the policy scope: resorce',
    ],
    [`@id("a") ${FORBID.replace(';', ' when { context.door == 3 };')}`, 'not compatible'],
    // A forbid that never holds is an open door, and no type is wrong with it.
    [
      `@id("a") ${FORBID.replace(';', ' when { resource.labels.contains("secrets") };')}`,
      '1:110: `secrets` is no label, so nothing ever has it (did you mean `secret`?)',
    ],
    [
      `@id("a") ${FORBID.replace(';', ' when { context.callLabels.containsAny(["ci", "lokfile"]) };')}`,
      'did you mean `lockfile`?',
    ],
    [`@id("a") ${FORBID.replace(';', ' unless { context.history.labels == ["untrustd"] };')}`, '`untrustd`'],
    [
      `@id("a") ${FORBID.replace(';', ' when { "prod" != context.environment };')}`,
      '`prod` is no environment',
    ],
    [
      `@id("a") ${FORBID.replace(';', ' unless { ["stagin"].contains(principal.environment) };')}`,
      '`stagin`',
    ],
    [
      `@id("a") ${FORBID.replace(';', ' when { context.door == "mpc" || context.kind == "x" };')}`,
      '`mpc` is no door',
    ],
    [
      `@id("a") ${FORBID.replace(';', ' when { context.outside.contains("path") };')}`,
      'did you mean `paths`?',
    ],
    [PERMIT, '1:1: the policy has no `@id` (add `@id("a-name")` above it)'],
    [`@id("remit:mine") ${PERMIT}`, '1:1: ids that start with `remit:` are Remit’s own'],
    [`@id("Not An Id") ${PERMIT}`, 'is no policy id'],
    [`@id("a") @consent("x") ${PERMIT}`, '1:10: `@consent` stands on a permit; only a forbid can have it'],
    [
      `@id("a")\n  @consnt("x") ${FORBID}`,
      '2:3: annotation `@consnt` is not known (did you mean `@consent`?)',
    ],
    [`@id("a") @consent("Ci!") ${FORBID}`, 'names no scope'],
    [`@id("a") @delegator("yes") ${FORBID}`, '`@delegator` needs a `@consent`'],
    [`@id("a") @grant("task") ${FORBID}`, '`@grant` needs a `@consent`'],
    [`@id("a") @consent("x") @delegator("maybe") ${FORBID}`, 'write `never`, `alone` or `yes`'],
    [`@id("a") @consent("x") @grant("forever") ${FORBID}`, 'write `task`'],
    [
      `@id("a") @consent("x") @severity("high") @grant("task") ${FORBID}`,
      '`@grant` stands on a gate of high severity',
    ],
    [
      `@id("a") @consent("x") @quorum("2") @grant("task") ${FORBID}`,
      '`@grant` stands on a gate that needs several humans',
    ],
    [`@id("a") @quorum("2") ${FORBID}`, '`@quorum` needs a `@consent`'],
    [
      `@id("a") @consent("x") @quorum("0") ${FORBID}`,
      '1:24: `@quorum("0")` is not understood (write a number from 1 to 9)',
    ],
    [`@id("a") @consent("x") @severity("urgent") ${FORBID}`, 'write `low`, `medium` or `high`'],
    [`@id("a") @consent("x") @timeout("5") ${FORBID}`, '`@timeout("5")` is not understood'],
    [`@id("a") @consent("x") @timeout("8d") ${FORBID}`, '`@timeout("8d")` is not understood'],
    [`@id("a") @always("yes") ${FORBID}`, '`@always("yes")` is not understood (write no value at all)'],
    [`@id("a") ${PERMIT.replace('Task', 'Team')}`, 'unable to find an applicable action'],
    [
      `@id("a") ${FORBID.replace(';', ' when { context.history.calls < 9007199254740993 };')}`,
      'is beyond ±(2^53 - 1)',
    ],
    [`@id("a") ${PERMIT.replace(';', ' when { ?principal == principal };')}`, '?principal'],
    [`@id("a") ${PERMIT}\nrubbish`, '2:8: unexpected end of input'],
  ]
  test('each where it stands, and says what was meant', () => {
    // One job for all of them, since the engine reads the schema anew in each.
    const schema = { file: 'remit.cedarschema', text: readFileSync(SCHEMA_FILE, 'utf8') }
    const sources = table.map(([text], row) => ({ file: `${row}.cedar`, text }))
    const complaints = runParseJob({ sources, schema }).problems.map(problemText)
    for (const [row, [text, expected]] of table.entries()) {
      const lines = complaints.filter((line) => line.startsWith(`${row}.cedar:`))
      expect({ text, lines: lines.join('\n') }).toEqual({ text, lines: expect.stringContaining(expected) })
    }
  })

  test('all problems of all policies are listed at once, in order', async () => {
    const lines = await refusal(
      `@id("a") @consnt("x") ${FORBID}\n${PERMIT}\n@id("c") ${PERMIT.replace('Task', 'Tsk')}`,
    )
    expect(lines.map((line) => line.split(':').slice(0, 3).join(':'))).toEqual([
      'pack.cedar:1:10',
      'pack.cedar:2:1',
      expect.stringMatching(/^pack\.cedar:3:/),
    ])
  })

  test('an id that two policies have', async () => {
    const [line] = await refusal(`@id("a") ${PERMIT}\n\n@id("a") ${FORBID}`)
    expect(line).toContain('pack.cedar:3:1: two policies have the id `a` (the other is at ')
  })

  test('a missing folder, one without policies and a schema that is none are refused', async () => {
    const folder = await packFolder(`@id("a") ${PERMIT}`)
    await expect(loadPolicySet({ folders: ['/nowhere'], schemaFile: SCHEMA_FILE })).rejects.toThrow(
      'cannot be read',
    )
    await expect(loadPolicySet({ folders: [dirname(SCHEMA_FILE)], schemaFile: SCHEMA_FILE })).rejects.toThrow(
      'holds no .cedar file',
    )
    await writeFile(join(folder, 'broken.cedarschema'), 'entity Task;\nentity;')
    await expect(
      loadPolicySet({ folders: [folder], schemaFile: join(folder, 'broken.cedarschema') }),
    ).rejects.toThrow('broken.cedarschema:2:7: ')
  })
})

describe('R-POL-6: text that would overflow the official parser is refused, and the next load works', () => {
  const when = (condition: string): string => `@id("a") ${FORBID.replace(';', ` when { ${condition} };`)}`
  test.each([
    ['10,000 brackets', when(`${'('.repeat(10_000)}true${')'.repeat(10_000)}`)],
    ['10,000 negations', when(`${'!'.repeat(10_000)}true`)],
    ['a chain of 10,000', when(Array.from({ length: 10_000 }, () => 'context.pinned').join(' && '))],
    ['a chain of 101 operators', when(Array.from({ length: 102 }, () => 'context.pinned').join(' || '))],
    ['a long attribute path', when(`context${'.history'.repeat(600)}.calls == 1`)],
    ['nested conditionals', when(`${'if context.pinned then true else '.repeat(90)}false`)],
    ['an unclosed string', `@id("a) ${PERMIT}`],
    ['an unclosed comment-like tail', `@id("a") ${PERMIT} /`],
  ])('%s', async (_name, text) => {
    const [line] = await refusal(text)
    expect(line).toMatch(/^pack\.cedar:\d+:\d+: /)
  })

  test('a chain of 100 operators and brackets 60 deep still load', async () => {
    const chain = Array.from({ length: 101 }, () => 'context.pinned').join(' && ')
    const set = await setOf(when(`${'('.repeat(60)}${chain}${')'.repeat(60)}`))
    expect(set.policies.map(({ id }) => id)).toContain('a')
  })
})

describe('the set and its cache', () => {
  test('R-POL-4: every set holds the built-in rules, marked as such', async () => {
    const set = await setOf(`@id("a") ${PERMIT}`)
    const builtin = set.policies.filter(({ source }) => source === 'builtin')
    expect(builtin.map(({ id }) => id)).toEqual([
      'remit:control',
      'remit:scope',
      'remit:task-state',
      'remit:halted',
      'remit:budget',
      'remit:loop',
      'remit:loop-stop',
      'remit:pinned',
      'remit:elicited-secret',
    ])
    expect(
      builtin.every(
        ({ id, effect, consent, file }) =>
          effect === 'forbid' && (consent === undefined || id === 'remit:loop') && file === undefined,
      ),
    ).toBe(true)
    expect(set.policies.at(-1)).toEqual({
      id: 'a',
      effect: 'permit',
      source: 'pack',
      file: expect.stringContaining('pack.cedar'),
    })
  })

  test('R-AUD-1: the hash follows what policies say, not how they are written', async () => {
    const first = await setOf(`@id("a") ${PERMIT} @id("b") ${FORBID}`)
    const same = await setOf(`// a comment\n@id("b")\n${FORBID}\n@id("a") ${PERMIT}`)
    const other = await setOf(`@id("a") ${PERMIT} @id("b") ${FORBID.replace('file.read', 'file.list')}`)
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(same.hash).toBe(first.hash)
    expect(other.hash).not.toBe(first.hash)
  })

  test('R-POL-3: a warm start needs no wasm: no thread is started for it', async () => {
    const folder = await packFolder(`@id("a") ${PERMIT}`)
    const locations = { folders: [folder], schemaFile: SCHEMA_FILE, cacheDir: join(folder, 'cache') }
    let threads = 0
    const started = (): void => void threads++
    process.on('worker', started)
    try {
      await loadPolicySet(locations)
      expect(threads).toBe(1)
      await loadPolicySet(locations)
      expect(threads).toBe(1)
      await writeFile(join(folder, 'more.cedar'), `@id("b") ${FORBID}`)
      await loadPolicySet(locations)
      expect(threads).toBe(2)
    } finally {
      process.off('worker', started)
    }
  })

  test('R-POL-3: a warm start gives the same set, and a cache that was touched is not believed', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'remit-cache-'))
    const locations = { folders: [PACK], schemaFile: SCHEMA_FILE, cacheDir }
    const cold = await loadPolicySet(locations)
    const files = await readdir(cacheDir)
    expect(files.length).toBe(6)
    const warm = await loadPolicySet(locations)
    expect([warm.hash, warm.policies]).toEqual([cold.hash, cold.policies])
    for (const file of files) {
      const path = join(cacheDir, file)
      await writeFile(path, (await readFile(path, 'utf8')).replaceAll('forbid', 'permit'))
    }
    expect((await loadPolicySet(locations)).hash).toBe(cold.hash)
    for (const file of files) await writeFile(join(cacheDir, file), 'garbage')
    expect((await loadPolicySet(locations)).hash).toBe(cold.hash)
  })

  test('the version in cache keys is that of the engine in use', () => {
    const require = createRequire(import.meta.url)
    const path = join(dirname(require.resolve('@cedar-policy/cedar-wasm/nodejs')), '../package.json')
    const { version } = require(path) as { version: string }
    expect([CEDAR_WASM_VERSION, CEDAR_WASM_VERSION]).toEqual([version, getCedarSDKVersion()])
  })
})
