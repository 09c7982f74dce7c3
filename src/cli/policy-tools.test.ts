import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { bareEnviron } from '../../test/support/shared-caches.ts'
import { runCommand } from './run-command.ts'

const REMIT = fileURLToPath(new URL('../../bin/remit', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'remit-policy-tools-'))

/** `bin/remit` as a user runs it. */
function remit(args: readonly string[], input = '') {
  const { stdout, stderr, status } = spawnSync(process.execPath, [REMIT, 'policy', ...args], {
    cwd: home,
    encoding: 'utf8',
    input,
    env: bareEnviron(),
  })
  return { stdout, stderr, status }
}

/** The same without a process. */
async function run(args: readonly string[]) {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(['policy', ...args], {
    environ: {},
    cwd: home,
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    colour: false,
    stopped: new AbortController().signal,
  })
  return { stdout, stderr, status }
}

const PACK = `// who reads
@id("read") @reason("reading is ordinary")
permit (principal, action in [Action::"tool.call", Action::"file.read"], resource);
@id("write") permit (principal, action == Action::"file.write", resource) when { context.pinned };
@id("ci") @consent("ci") @consent_by("maintainer") @reason("it changes CI")
forbid (principal is Task, action in Action::"write", resource) when { resource.labels.contains("ci") };
@id("secrets") @reason("it holds secrets")
forbid (principal is Task, action, resource) when { resource.labels.contains("secret") };
`
const CASES = `- name: reads
  operations: [{ action: file.read, resource: 'File::"a"' }]
  expect: { effect: allow, policies: [read] }
- name: asks for CI
  operations: [{ action: file.write, resource: 'File::"ci.yml"', labels: [ci] }]
  expect: { effect: consent, gates: [ci] }
- name: writes
  operations: [{ action: file.write, resource: 'File::"a"' }]
  expect: { effect: allow }
`

beforeAll(() => {
  // As where a gateway runs: what it parsed is not parsed again.
  mkdirSync(join(home, '.remit'), { mode: 0o700 })
  for (const name of ['pack', 'other']) {
    cpSync(
      fileURLToPath(new URL('../../policies/coding-agent/README.md', import.meta.url)),
      join(home, name, 'README.md'),
    )
    writeFileSync(join(home, name, 'pack.cedar'), PACK)
    writeFileSync(join(home, name, 'cases.yaml'), CASES)
  }
  writeFileSync(
    join(home, 'other', 'pack.cedar'),
    PACK.replace('@id("secrets")', '@id("secrets") @consent("secrets")').replace(
      'context.pinned',
      'context.sandboxed',
    ),
  )
})

describe('R-POL-9: policy test', () => {
  test('passes, and lists what no case exercises', async () => {
    const { stdout, status } = remit(['test', 'pack', '--coverage'])
    expect(status).toBe(0)
    expect(stdout).toBe(`3 of 3 cases passed
cases exercise 71 % of rules and conditions (5 of 7)
  pack/pack.cedar:4: write never stopped by when context.pinned
  pack/pack.cedar:7: secrets never holds
`)
  })

  test('fails with what differs, and as JUnit and JSON', async () => {
    const { stdout, status } = await run(['test', 'other', '--junit', 'report.xml'])
    expect(status).toBe(1)
    expect(stdout).toContain('failed  writes\n        expected allow, got deny\n')
    expect(stdout).toContain('1 of 3 cases passed')
    const report = readFileSync(join(home, 'report.xml'), 'utf8')
    expect(report).toContain('<testsuite name="other" tests="3" failures="2">')
    expect(report).toContain(
      '<testcase classname="other" name="writes"><failure message="expected allow, got deny">',
    )
    const json = JSON.parse((await run(['test', 'other', '--json', '--filter', 'writes'])).stdout) as object
    expect(json).toMatchObject({ passed: 0, cases: [{ name: 'writes' }] })
  })

  test('a threshold that is not reached, a filter that matches nothing and no cases fail', async () => {
    expect((await run(['test', 'pack', '--threshold', '71'])).status).toBe(0)
    const low = await run(['test', 'pack', '--threshold', '72'])
    expect([low.status, low.stdout]).toEqual([1, expect.stringContaining('72 % was asked for')])
    expect((await run(['test', 'pack', '--filter', 'nothing'])).status).toBe(1)
    expect((await run(['test', 'pack', '--threshold', '200'])).status).toBe(2)
    expect((await run(['test', '.'])).stderr).toContain('error[policy_invalid]')
  })
})

describe('R-POL-7: policy eval and explain', () => {
  test('one request from flags', async () => {
    const flags = ['--action', 'file.write', '--resource', 'File::"ci.yml"', '--label', 'ci']
    const { stdout, status } = await run(['eval', 'pack', ...flags])
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^held for consent\n {2}by ci \(file\.write File ci\.yml\): it changes CI\n/),
    ])
    const approved = await run([
      'eval',
      'pack',
      ...flags,
      '--approval',
      'ci',
      '--fact',
      'hooked=true',
      '--json',
    ])
    expect(JSON.parse(approved.stdout)).toMatchObject({ effect: 'allow' })
  })

  test('one request from standard input', async () => {
    const request = JSON.stringify({
      operations: [{ action: 'file.read', resource: 'File::".env"', labels: ['secret'] }],
    })
    expect(JSON.parse(remit(['eval', 'pack', '--json'], request).stdout)).toMatchObject({ effect: 'deny' })
    const { stdout, status } = remit(['explain', 'pack'], request)
    expect(status).toBe(0)
    expect(stdout).toContain('by secrets (forbid; pack/pack.cedar:7:1): it holds secrets')
    expect(stdout).toContain('allowed if `file.read File .env` were not labelled `secret`')
  })

  test('a case by its name, as JSON', async () => {
    const { stdout } = await run(['explain', 'pack', '--case', 'asks for CI', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      decision: { effect: 'consent' },
      changes: [{ text: 'if an approval for `ci` existed', effect: 'allow' }, {}],
    })
    expect((await run(['explain', 'pack', '--case', 'nope'])).status).toBe(1)
  })

  test('a request that is none is wrong use', async () => {
    for (const input of ['', 'no', '{"operatoins":[]}']) {
      const { status, stdout } = remit(['eval', 'pack'], input)
      expect([status, stdout]).toEqual([2, ''])
    }
    expect((await run(['eval', 'pack', '--action', 'file.raed', '--resource', 'File::"a"'])).status).toBe(2)
  })
})

test('R-POL-8: policy diff says what a change loosens and tightens', async () => {
  expect(await run(['diff', 'pack', 'pack', '--no-loosening'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('nothing is decided otherwise'),
  })
  const { stdout, status } = await run(['diff', 'pack', 'other', '--no-loosening'])
  expect(status).toBe(1)
  expect(stdout).toContain('changed: write, secrets\n')
  expect(stdout).toMatch(
    /loosened\n {2}deny ▸ consent by secrets \(\d+ requests\)\n {4}file\.read File, secret/,
  )
  expect(stdout).toMatch(/tightened\n {2}allow ▸ deny by write \(\d+ requests\)\n {4}case “writes”/)
  expect((await run(['diff', 'pack', 'other', '--json'])).status).toBe(0)
})

test('R-ID-3: policy check warns of policies under which no human may do anything', async () => {
  const folder = join(home, 'tasks-only')
  mkdirSync(folder)
  const tasks = '@id("all") permit (principal is Task, action, resource);\n'
  const approvers = '@id("who") permit (principal in Role::"x", action == Action::"approve", resource);\n'
  writeFileSync(join(folder, 'a.cedar'), tasks + approvers)
  expect((await run(['check', 'tasks-only'])).stdout).toMatch(
    /^warning {2}nothing permits a human, .*permit \(/,
  )
  const checked = (await run(['check', 'pack', '--json'])).stdout
  expect(JSON.parse(checked)).toMatchObject({ warnings: [] })
})

test('policy show lists effect, gate and source, and prints one rule', async () => {
  const { stdout } = await run(['show', 'pack'])
  expect(stdout).toMatch(/^ci +consent +ci ▸ 1 × maintainer +never +once +medium +pack\/pack\.cedar$/m)
  expect(stdout).toMatch(/^remit:scope +forbid +builtin$/m)
  expect((await run(['show', 'pack', '--policy', 'read'])).stdout).toContain(
    '@reason("reading is ordinary")\npermit (',
  )
  expect((await run(['show', 'pack', '--policy', 'raed'])).status).toBe(1)
})

test('policy fmt formats, keeps comments, and checks', async () => {
  cpSync(join(home, 'pack'), join(home, 'formatted'), { recursive: true })
  expect(await run(['fmt', 'formatted', '--check'])).toMatchObject({
    status: 1,
    stdout: 'would change formatted/pack.cedar\n',
  })
  expect((await run(['fmt', 'formatted'])).status).toBe(0)
  expect(readFileSync(join(home, 'formatted', 'pack.cedar'), 'utf8')).toContain('// who reads\n@id("read")\n')
  expect(await run(['fmt', 'formatted', '--check'])).toMatchObject({ status: 0, stdout: '' })
  expect((await run(['diff', 'pack', 'formatted'])).stdout).toContain('nothing is decided otherwise')
  writeFileSync(join(home, 'formatted', 'bad.cedar'), '@id("x")\npermit (principal, action;\n')
  expect((await run(['fmt', 'formatted'])).stderr).toMatch(/formatted\/bad\.cedar:2:\d+: /)
})

test('policy export and import give the same decisions back', async () => {
  const plain = (await run(['export', 'pack'])).stdout
  expect(plain).toContain('unless { context.approvals.contains("ci") }')
  writeFileSync(join(home, 'plain.cedar'), plain)
  cpSync(join(home, 'pack'), join(home, 'imported'), { recursive: true })
  writeFileSync(join(home, 'imported', 'pack.cedar'), (await run(['import', 'plain.cedar'])).stdout)
  expect((await run(['diff', 'pack', 'imported'])).stdout).toContain('nothing is decided otherwise')
})
