import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { raw, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import type { JsonObject } from '../core/json.ts'

const TASKS = 'io.modelcontextprotocol/tasks'

let door: TestDoor
let one: ScriptedUpstream
let two: ScriptedUpstream

beforeEach(async () => {
  one = serverOf('one', ['a', 'b', 'hidden'])
  two = serverOf('two', ['c', 'd'])
  door = await startTestDoor({ upstreams: [two, one], limits: { listPage: 2, listWait: 200 } })
})

afterEach(async () => {
  await door.close()
})

function serverOf(key: string, names: readonly string[]): ScriptedUpstream {
  const upstream = new ScriptedUpstream(key, 'modern')
  upstream.capabilities = { tools: {}, prompts: {}, resources: {} }
  upstream.tools = names.map((name) => ({ name, inputSchema: { type: 'object' } }))
  upstream.script = ({ method }) =>
    Promise.resolve({
      prompts: names.map((name) => ({ name })),
      resources: names.map((name) => ({ name, uri: `note://${name}` })),
      resourceTemplates: names.map((name) => ({ name, uriTemplate: `note://${name}/{at}` })),
      method,
    })
  return upstream
}

interface Answer {
  readonly result?: JsonObject
  readonly error?: { readonly code: number; readonly message: string; readonly data?: JsonObject }
}

async function ask(
  method: string,
  params: JsonObject,
  { token = 'task-a', path = '/mcp' }: { readonly token?: string; readonly path?: string } = {},
): Promise<Answer> {
  const answer = await raw(door, {
    path,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof params['uri'] === 'string' ? { 'mcp-name': params['uri'] } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } }),
  })
  return JSON.parse(answer.text) as Answer
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

/** Pages as the values of one member, until there is no cursor. */
async function pages(method: string, list: string, member: string): Promise<unknown[][]> {
  const all: unknown[][] = []
  let params: JsonObject = {}
  for (;;) {
    const { result = {} } = await ask(method, params)
    all.push((result[list] as readonly JsonObject[]).map((item) => item[member]))
    if (typeof result['nextCursor'] !== 'string') return all
    params = { cursor: result['nextCursor'] }
  }
}

test.each([
  ['tools/list', 'tools', 'name', (server: string, name: string) => `${server}__${name}`],
  ['prompts/list', 'prompts', 'name', (server: string, name: string) => `${server}__${name}`],
  [
    'resources/list',
    'resources',
    'uri',
    (server: string, name: string) => `remit://${server}/note://${name}`,
  ],
  [
    'resources/templates/list',
    'resourceTemplates',
    'uriTemplate',
    (server: string, name: string) => `remit://${server}/note://${name}/{at}`,
  ],
] as const)(
  'R-MCP-2: %s goes through all servers page by page, always in one order, less what is hidden',
  async (method, list, member, show) => {
    const expected = [
      [show('one', 'a'), show('one', 'b')],
      [show('two', 'c'), show('two', 'd')],
    ]
    expect(await pages(method, list, member)).toEqual(expected)
    expect(await pages(method, list, member)).toEqual(expected)
  },
)

describe('R-MCP-2: a cursor', () => {
  const first = async (): Promise<string> => (await ask('tools/list', {})).result?.['nextCursor'] as string

  test('is good for its task, endpoint and list alone', async () => {
    const cursor = await first()
    expect((await ask('tools/list', { cursor })).result?.['tools']).toHaveLength(2)
    const elsewhere = [
      await ask('tools/list', { cursor }, { token: 'task-b' }),
      await ask('tools/list', { cursor }, { path: '/mcp/one' }),
      await ask('prompts/list', { cursor }),
      await ask('tools/list', { cursor: `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}` }),
      await ask('tools/list', { cursor: 7 }),
    ]
    expect(elsewhere.map(({ error }) => error?.code)).toEqual([-32602, -32602, -32602, -32602, -32602])
  })

  test('goes on behind its item when others came or went, and says so when that has gone', async () => {
    const cursor = await first()
    const named = (name: string): JsonObject => ({ name, inputSchema: { type: 'object' } })
    one.tools = ['new', 'a', 'b'].map(named)
    one.say('notifications/tools/list_changed')
    const { result } = await ask('tools/list', { cursor })
    expect(result?.['tools']).toMatchObject([{ name: 'two__c' }, { name: 'two__d' }])
    one.tools = [named('a')]
    one.say('notifications/tools/list_changed')
    expect((await ask('tools/list', { cursor })).error?.message).toContain('list without one')
  })
})

test('R-MCP-1: a list may be kept for 5 s by its client alone, and not at all when a server’s part is missing', async () => {
  const { result } = await ask('tools/list', {})
  expect(result).toMatchObject({ ttlMs: 5_000, cacheScope: 'private' })
  two.script = () => Promise.reject(new Error('down'))
  const short = await ask('prompts/list', {})
  expect(short.result).toMatchObject({ ttlMs: 0, cacheScope: 'private', _meta: { 'remit/incomplete': true } })
})

test('R-MCP-3: what a modern server says of keeping its list bounds how long it is kept here and by the client', async () => {
  one.keeping = { ttlMs: 60_000, cacheScope: 'public' }
  two.keeping = { ttlMs: 3_000, cacheScope: 'public' }
  await ask('tools/list', {})
  const { ttlMs } = (await ask('tools/list', {})).result ?? {}
  expect(ttlMs).toBeLessThanOrEqual(3_000)
  expect(ttlMs).toBeGreaterThan(0)
  expect([one.lists, two.lists]).toEqual([1, 1])
  const of = async (path: string) => (await ask('tools/list', {}, { path })).result
  expect(await of('/mcp/one')).toMatchObject({ ttlMs: 5_000, cacheScope: 'private' })

  two.keeping = { ttlMs: 0, cacheScope: 'private' }
  two.say('notifications/tools/list_changed')
  expect(await of('/mcp/two')).toMatchObject({ ttlMs: 0, cacheScope: 'private' })
  await of('/mcp/two')
  expect([one.lists, two.lists]).toEqual([1, 3])
})

test('R-MCP-3: what is not listed is still decided when it is used', async () => {
  const before = door.gate.calls.length
  await ask('resources/read', { uri: 'remit://one/note://hidden' })
  expect(door.gate.calls.slice(before).map(({ kind, tool }) => [kind, tool])).toEqual([
    ['resource', 'note://hidden'],
  ])
})

test('R-MCP-1: listening to tasks without the extension is answered with what is missing', async () => {
  const { error } = await ask('subscriptions/listen', { notifications: { taskIds: ['x'] } })
  expect(error).toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { extensions: { [TASKS]: {} } } },
  })
})
