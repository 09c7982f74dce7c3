import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { fillWorkspace, realServers } from '../support/real-servers.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const packs = mkdtempSync(join(tmpdir(), 'remit-packs-'))
const folder = join(packs, 'mine')
const WAIT = { timeout: 60_000, interval: 50 }

const configured = (at: Parameters<typeof realServers>[0]): string =>
  `observe:\n  - { policy: secrets, until: 2099-01-01 }\n  - { workflow: other, until: 2020-01-01 }\n${realServers(at)}`

let gateway: RunningGateway
let client: Client
/** What a loop of calls was answered, as long as the test runs. */
const answers: string[] = []
const loop = { running: true, done: Promise.resolve() }

beforeAll(async () => {
  cpSync(join(ROOT, 'policies', 'coding-agent'), folder, { recursive: true })
  gateway = await startGateway({ config: configured, policies: [folder] })
  fillWorkspace(gateway.workspace)
  client = await connectClient(gateway.agentUrl, gateway.task().token, 'modern')
  loop.done = readOverAndOver()
}, 240_000)

afterAll(async () => {
  loop.running = false
  await loop.done
  await client.close()
  await gateway.remove()
  rmSync(packs, { recursive: true, force: true })
})

async function readOverAndOver(): Promise<void> {
  while (loop.running) {
    const answer = await callTool(client, 'filesystem__read_text_file', {
      path: join(gateway.workspace, 'src/add.ts'),
    }).catch((error: Error) => ({ isError: true, text: `failed: ${error.message}` }))
    answers.push(answer.isError ? answer.text : 'read')
  }
}

interface PolicyRecord {
  readonly kind: string
  readonly actor?: string
}

function records(kind: string): readonly PolicyRecord[] {
  const { stdout } = gateway.remit(['audit', 'tail', '--json', '--kind', kind, '--lines', '50'])
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PolicyRecord)
}

test('R-POL-8: an observed rule lets through, on record and in the status; one whose time is over is enforced', async () => {
  const env = await callTool(client, 'filesystem__read_text_file', { path: join(gateway.workspace, '.env') })
  expect(env.isError).toBe(false)
  const { stdout } = gateway.remit(['audit', 'tail', '--json', '--kind', 'decision', '--lines', '50'])
  expect(stdout).toContain('"observed":{"effect":"deny","policies":["secrets"]}')
  expect(gateway.remit(['status']).stdout).toMatch(
    /^observing +policy secrets is not enforced until 2099-01-01T00:00:00\.000Z\napprovals/m,
  )
})

test('R-POL-8: every screen says what is not enforced', () => {
  const note = /not enforced: policy secrets until 2099-01-01T00:00:00\.000Z/
  expect(gateway.output()).toMatch(note)
  expect(gateway.remit(['task', 'list']).stderr).toMatch(note)
  expect(gateway.remit(['approvals', 'list', '--json']).stderr).toBe('')
})

test('R-POL-7: why a call was let through or stopped takes one command, also after the policies changed', async () => {
  const { stdout } = gateway.remit(['audit', 'tail', '--json', '--kind', 'decision', '--lines', '10000'])
  const line = stdout.split('\n').find((each) => each.includes('"observed":{')) ?? ''
  const { id } = JSON.parse(line) as { id: string }
  const told = gateway.remit(['explain', id]).stdout
  expect(told).toMatch(
    /observed +let through because rules are only observed; enforced, it would be denied by secrets/,
  )
  expect(told).toMatch(/why, by the policies that decided\ndenied\n +file\.read File \.env\n +by secrets/)
  const unknown = gateway.remit(['explain', 'dec_nothing'])
  expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('remit audit tail')])
})

const answered = (since: number) => answers.slice(since)

test('R-POL-3: on a running gateway a good change takes effect, and no call is dropped meanwhile', async () => {
  await vi.waitFor(() => expect(answers).toContain('read'), WAIT)
  const since = answers.length
  writeFileSync(
    join(folder, 'freeze.cedar'),
    '@id("freeze")\n@reason("nothing is read during the freeze")\nforbid (principal is Task, action == Action::"file.read", resource);\n',
  )
  await vi.waitFor(() => expect(answers.at(-1)).toContain('nothing is read during the freeze'), WAIT)
  expect(answered(since).filter((text) => text !== 'read' && !text.includes('during the freeze'))).toEqual([])
  await vi.waitFor(() => expect(records('policy.loaded').length).toBe(2), WAIT)
  expect(records('policy.loaded').at(-1)).toMatchObject({ actor: 'policy-files' })
})

test('R-POL-3: a bad file leaves the old rules in force and is on record with file, line and column', async () => {
  const since = answers.length
  writeFileSync(
    join(folder, 'bad.cedar'),
    '@id("bad")\npermit (principal, action, resource) when { resource.labls };\n',
  )
  await vi.waitFor(() => expect(records('policy.refused').length).toBe(1), WAIT)
  expect(JSON.stringify(records('policy.refused')[0])).toMatch(/mine\/bad\.cedar:2:\d+/)
  expect(records('policy.refused')[0]).toMatchObject({ actor: 'policy-files' })
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(since + 3), WAIT)
  expect(answered(since).filter((text) => !text.includes('during the freeze'))).toEqual([])
  rmSync(join(folder, 'bad.cedar'))
  rmSync(join(folder, 'freeze.cedar'))
  await vi.waitFor(() => expect(answers.at(-1)).toBe('read'), WAIT)
})

test('R-POL-3: asked to, the gateway reads its policies at once and drops no call', async () => {
  const since = answers.length
  writeFileSync(
    join(folder, 'freeze.cedar'),
    '@id("thaw")\n@reason("nothing is read during the thaw")\nforbid (principal is Task, action == Action::"file.read", resource);\n',
  )
  const { stdout } = gateway.remit(['policy', 'reload', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), waiting: [] })
  await vi.waitFor(() => expect(answers.at(-1)).toContain('during the thaw'), WAIT)
  expect(answered(since).filter((text) => text !== 'read' && !text.includes('during the thaw'))).toEqual([])
  const stopped = gateway.remit(['explain', 'last', '--json'])
  const past = JSON.parse(stopped.stdout) as { decided: { policyHash: string } }
  expect(past).toMatchObject({ decided: { policies: ['thaw'] }, explanation: { original: true } })

  rmSync(join(folder, 'freeze.cedar'))
  await vi.waitFor(() => expect(answers.at(-1)).toBe('read'), WAIT)
  expect(JSON.parse(gateway.remit(['explain', 'last', '--json']).stdout)).toMatchObject({
    explanation: { original: true, under: past.decided.policyHash },
    today: { effect: 'allow', differs: true },
  })
  expect(gateway.remit(['explain', 'last', '--offline']).stdout).toContain(
    'the same request would now be allowed',
  )
  writeFileSync(
    join(folder, 'bad.cedar'),
    '@id("bad")\npermit (principal, action, resource) when { resource.labls };\n',
  )
  const refused = gateway.remit(['policy', 'reload'])
  expect([refused.status, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/mine\/bad\.cedar:2:\d+.*did you mean/s),
  ])
  rmSync(join(folder, 'bad.cedar'))
})
