import { afterEach, expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import { WireClient } from '../../test/support/wire-client.ts'
import { UpstreamRpcError } from './upstream.ts'

let door: TestDoor
let client: WireClient

afterEach(async () => {
  await client.drop()
  await door.close()
})

async function begin(server: ScriptedUpstream, keepAlive: number): Promise<() => readonly unknown[]> {
  server.capabilities = { tools: {}, logging: {} }
  door = await startTestDoor({ upstreams: [server], limits: { keepAlive } })
  client = new WireClient(`${door.url}/mcp`, { token: 'task-a', era: 'legacy', marker: 'm' })
  await client.begin([])
  await client.request('logging/setLevel', { level: 'error' })
  return () =>
    server.requests.filter(({ method }) => method === 'logging/setLevel').map(({ params }) => params)
}

test.each([
  ['is another one', (server: ScriptedUpstream) => server.renew()],
  ['was begun anew', (server: ScriptedUpstream) => server.forget()],
])(
  'R-REL-1: a level is told again, once, to a server whose session %s, with the next call',
  async (_, loss) => {
    const server = new ScriptedUpstream('notes', 'legacy')
    const told = await begin(server, 60_000)
    expect(told()).toEqual([{ level: 'error' }])
    await client.call('notes__ask', 2)
    expect(told()).toHaveLength(1)
    loss(server)
    await client.call('notes__ask', 3)
    await client.call('notes__ask', 4)
    expect(told()).toEqual([{ level: 'error' }, { level: 'error' }])
  },
)

test('R-REL-1: a level is told again for who only listens, and not again to a server that refuses it', async () => {
  const server = new ScriptedUpstream('notes', 'legacy')
  const told = await begin(server, 20)
  server.script = () => Promise.reject(new UpstreamRpcError(-32602, 'no such level'))
  server.forget()
  await expect.poll(() => told().length).toBe(2)
  await client.call('notes__ask', 2)
  await client.call('notes__ask', 3)
  expect(told()).toHaveLength(2)
})

test('R-MCP-3: the level of a session that others use too is not one task’s to set', async () => {
  const server = new ScriptedUpstream('notes', 'legacy', 'human')
  const told = await begin(server, 60_000)
  await client.call('notes__ask', 2)
  expect(told()).toEqual([])
})
