import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import { WireClient } from '../../test/support/wire-client.ts'
import type { ServerKey, TaskId } from '../core/ids.ts'

let door: TestDoor
let upstream: ScriptedUpstream

beforeEach(async () => {
  upstream = new ScriptedUpstream('old', 'legacy')
  upstream.script = () => Promise.resolve({})
  door = await startTestDoor({ upstreams: [upstream], limits: { keepAlive: 50 } })
})

afterEach(async () => {
  await door.close()
})

async function connect(era: 'modern' | 'legacy', heard: string[], token = 'task-a'): Promise<Client> {
  const client = new Client(
    { name: 'test-agent', version: '1.0.0' },
    { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
  )
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    heard.push('tools')
  })
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    heard.push(params.uri)
  })
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${door.url}/mcp`), { requestInit }))
  return client
}

describe.each(['modern', 'legacy'] as const)('%s', (era) => {
  test('R-MCP-2: hears that a list changed, by policy or by a server, and sees the new list', async () => {
    const heard: string[] = []
    const client = await connect(era, heard)
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(['old__ask'])
    if (era === 'modern') await client.listen({ toolsListChanged: true })
    else await streamsOpen(1)
    door.gate.policyChanged()
    await expect.poll(() => heard).toEqual(['tools'])
    upstream.tools = [{ name: 'other', inputSchema: { type: 'object' } }]
    upstream.say('notifications/tools/list_changed')
    await expect.poll(() => heard).toEqual(['tools', 'tools'])
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(['old__other'])
    await client.close()
  })

  test('R-MCP-2: policy bears on every list, so each of them is said to have changed', async () => {
    const heard: string[] = []
    upstream.capabilities = { tools: {}, prompts: {}, resources: {} }
    const client = await connect(era, heard)
    for (const list of ['prompts', 'resources'] as const) {
      client.setNotificationHandler(`notifications/${list}/list_changed`, () => {
        heard.push(list)
      })
    }
    const all = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }
    if (era === 'modern') await client.listen(all)
    else await streamsOpen(1)
    door.gate.policyChanged()
    await expect.poll(() => heard.toSorted()).toEqual(['prompts', 'resources', 'tools'])
    await client.close()
  })

  test('R-MCP-3: a resource subscription is decided like a read, and heard only by its task', async () => {
    const heard: string[] = []
    const foreign: string[] = []
    const client = await connect(era, heard)
    const other = await connect(era, foreign, 'task-b')
    const uri = 'remit://old/note://one'
    const secret = 'remit://old/note://secret'
    const taken =
      era === 'modern' ? await listenTo(client, [uri, secret]) : await subscribeTo(client, [uri, secret])
    expect(taken).toEqual([uri])
    if (era === 'modern') await other.listen({ toolsListChanged: true })
    else await streamsOpen(2)
    upstream.say('notifications/resources/updated', { uri: 'note://one' })
    upstream.say('notifications/resources/updated', { uri: 'note://secret' })
    await expect.poll(() => heard).toEqual([uri])
    await pause()
    expect(foreign).toEqual([])
    expect(door.gate.calls.map(({ kind, tool }) => `${kind} ${tool}`)).toEqual([
      'resource note://one',
      'resource note://secret',
    ])
    await client.close()
    await other.close()
  })
})

test.each(['modern', 'legacy'] as const)(
  'R-ID-1: %s: the stream of a revoked task ends and says nothing',
  async (era) => {
    const heard: string[] = []
    const client = await connect(era, heard)
    await client.listTools()
    if (era === 'modern') await client.listen({ toolsListChanged: true })
    else await streamsOpen(1)
    door.gate.revoked.add('task-a')
    door.gate.policyChanged()
    upstream.say('notifications/tools/list_changed')
    await pause()
    upstream.say('notifications/tools/list_changed')
    await pause()
    expect(heard.length).toBeLessThanOrEqual(1)
    await client.close()
  },
)

test.each(['modern', 'legacy'] as const)(
  'R-ID-1: %s: a stream ends when its task is stopped or expires, and not at the next beat',
  async (era) => {
    await door.close()
    door = await startTestDoor({ upstreams: [upstream], limits: { keepAlive: 3_600_000 } })
    const stopped = await openStream(era)
    door.gate.revoked.add('task-a')
    door.gate.authorityEnded()
    await expect.poll(stopped).toBe(true)

    door.gate.revoked.clear()
    door.gate.lives.set('task-a', 20)
    const expired = await openStream(era)
    // Nobody tells of an end that comes with time.
    door.gate.revoked.add('task-a')
    await expect.poll(expired).toBe(true)
  },
)

test('R-MCP-2: of a change at one server, or in one tree of tasks, nobody else is told', async () => {
  const heard: string[] = []
  const client = await connect('modern', heard)
  await client.listen({ toolsListChanged: true })
  door.gate.policyChanged({ root: 'task-b' as TaskId })
  door.gate.policyChanged({ root: 'task-a' as TaskId, server: 'old' as ServerKey })
  await expect.poll(() => heard).toEqual(['tools'])
  await pause()
  expect(heard).toEqual(['tools'])
  await client.close()
})

test('a changed definition is asked of the gate with its new digest', async () => {
  const client = await connect('legacy', [])
  await client.callTool({ name: 'old__ask', arguments: {} })
  upstream.tools = [{ name: 'ask', description: 'now does more', inputSchema: { type: 'object' } }]
  upstream.say('notifications/tools/list_changed')
  await client.callTool({ name: 'old__ask', arguments: {} })
  const [before, after] = door.gate.calls.map((call) => call.definition?.digest)
  expect(before).toMatch(/^[0-9a-f]{64}$/)
  expect(after).not.toBe(before)
  await client.close()
})

async function listenTo(client: Client, uris: string[]): Promise<readonly string[] | undefined> {
  const subscription = await client.listen({ resourceSubscriptions: uris })
  return subscription.honoredFilter.resourceSubscriptions
}

/** The URIs that were taken; what was refused was refused with the code of a denial. */
async function subscribeTo(client: Client, uris: string[]): Promise<readonly string[]> {
  const taken: string[] = []
  for (const uri of uris) {
    try {
      await client.subscribeResource({ uri })
      taken.push(uri)
    } catch (error) {
      if ((error as { code?: number }).code !== 4031) throw error
    }
  }
  return taken
}

async function streamsOpen(count: number): Promise<void> {
  await expect.poll(() => door.streams()).toBe(count)
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 100)
  })
}

/** A bare stream of `task-a`; says whether it has ended. */
async function openStream(era: 'modern' | 'legacy'): Promise<() => boolean> {
  const client = new WireClient(`${door.url}/mcp`, { token: 'task-a', era, marker: 'm' })
  let ended = false
  await client.begin([], () => (ended = true))
  expect(ended).toBe(false)
  return () => ended
}
