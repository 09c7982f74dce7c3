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
const WAIT = { timeout: 20_000, interval: 50 }

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
}, 120_000)

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
