import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTattlingServer, type TattlingServer } from '../support/tattling-http.ts'
import { httpUpstream, raw, startTestDoor, stdioUpstream, type TestDoor } from '../support/test-door.ts'
import { WireClient } from '../support/wire-client.ts'

const STDIO = fileURLToPath(new URL('../support/tattling-stdio.ts', import.meta.url))
const PRINCIPALS = 50
/** Tasks of one human. */
const EACH = 10
const SERVERS = ['legacy-shared', 'modern-shared', 'stdio-shared', 'stdio-human', 'legacy-task'] as const
const MARKER = /mark-\d\d-[0-9a-f]{8}/g

interface Principal {
  readonly index: number
  readonly era: 'modern' | 'legacy'
  readonly token: string
  readonly marker: string
  readonly client: WireClient
}

let servers: readonly TattlingServer[]
let door: TestDoor
let principals: readonly Principal[]

beforeAll(async () => {
  const [legacy, modern] = await Promise.all([startTattlingServer('legacy'), startTattlingServer('modern')])
  servers = [legacy, modern]
  const slots = { slots: { running: 64, waiting: 256, patience: 60_000 } }
  // A busy machine must not look like a server that does not answer.
  const timeout = 60_000
  door = await startTestDoor({
    upstreams: [
      httpUpstream('legacy-shared', legacy.url, { session: 'shared', era: 'legacy', timeout }, slots),
      httpUpstream('modern-shared', modern.url, { session: 'shared', timeout }, slots),
      stdioUpstream('stdio-shared', [STDIO], { timeout }, slots),
      stdioUpstream('stdio-human', [STDIO], { session: 'human', timeout }, slots),
      httpUpstream('legacy-task', legacy.url, { session: 'task', era: 'legacy', timeout }, slots),
    ],
  })
  principals = Array.from({ length: PRINCIPALS }, (_, index) => {
    const era = index % 2 === 0 ? 'modern' : 'legacy'
    const number = String(index).padStart(2, '0')
    const token = `task-${number}~human-${String(Math.floor(index / EACH))}`
    const marker = `mark-${number}-${Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')}`
    const client = new WireClient(`${door.url}/mcp`, { token, era, marker })
    return { index, era, token, marker, client } as const
  })
}, 60_000)

afterAll(async () => {
  await Promise.all(principals.map(({ client }) => client.drop()))
  await door.close()
  for (const server of servers) await server.close()
})

const noteOf = (server: string, { marker }: Principal): string => `remit://${server}/note://${marker}`
/** An error that names no call ends the only open one of a task's own session: that is between it and its server. */
const toolOf = (server: string): string => (server === 'legacy-task' ? 'murmur' : 'echo')
const failed = (text: string): boolean => /"isError":true/.test(text)

describe('fifty tasks of five humans use five servers at once, under the same request ids', () => {
  test('R-SEC-1, R-MCP-3: nobody is sent one byte of what another one said', async () => {
    await Promise.all(
      principals.map((each) => each.client.begin(SERVERS.map((server) => noteOf(server, each)))),
    )
    const results = await Promise.all(
      principals.flatMap(({ index, client, marker }) =>
        SERVERS.map(async (server, id) => {
          const answer = JSON.stringify(await client.call(`${server}__${toolOf(server)}`, id))
          expect(answer).toContain(`echo of ${marker}`)
          return { index, server, process: / by (\d+)/.exec(answer)?.[1] }
        }),
      ),
    )
    const processes = (server: string, human: number): Set<unknown> =>
      new Set(
        results
          .filter((each) => each.server === server && Math.floor(each.index / EACH) === human)
          .map((each) => each.process),
      )
    const humans = Array.from({ length: PRINCIPALS / EACH }, (_, human) => processes('stdio-human', human))
    expect(humans.map(({ size }) => size)).toEqual(humans.map(() => 1))
    expect(new Set(humans.flatMap((each) => [...each])).size).toBe(humans.length)

    // What each subscribed to is heard, so that silence is not what keeps them apart.
    for (const each of principals) {
      for (const server of SERVERS) {
        await expect.poll(() => each.client.heard).toContain(`{"uri":"${noteOf(server, each)}"`)
      }
    }
    for (const { client, marker } of principals) {
      expect(new Set(client.heard.match(MARKER))).toEqual(new Set([marker]))
      expect(client.heard).toContain(`half of ${marker}`)
      expect(client.heard).toContain('notifications/tools/list_changed')
      expect(failed(client.heard)).toBe(false)
    }
  }, 60_000)

  test('R-MCP-3: a question of a server reaches the client of its call alone, and takes its answer alone', async () => {
    const answers = await Promise.all(
      principals.map(async ({ client, marker }) => ({
        marker,
        answer: await client.call('legacy-task__ask', 1),
      })),
    )
    for (const { marker, answer } of answers) {
      const text = JSON.stringify(answer)
      expect(text).toContain(`${marker} was answered`)
      expect(text.match(MARKER)).toEqual([marker, marker])
    }
    for (const { client, marker } of principals)
      expect(new Set(client.heard.match(MARKER))).toEqual(new Set([marker]))
  }, 60_000)
})

describe('what belongs to another task', () => {
  test('R-SEC-1: a session id that was stolen, guessed or made up opens nothing, and costs its owner nothing', async () => {
    const [victim, thief] = principals.filter(({ era }) => era === 'legacy') as unknown as [
      Principal,
      Principal,
    ]
    const stolen = victim.client.sessionId ?? ''
    const near = stolen.slice(0, -1) + (stolen.endsWith('A') ? 'B' : 'A')
    const heard = victim.client.heard.length
    for (const id of [stolen, near, '', 'undefined', '../sessions', victim.marker]) {
      const headers = { ...thief.client.headers(), 'mcp-session-id': id }
      const json = { ...headers, 'content-type': 'application/json' }
      const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
      const injected = JSON.stringify({ jsonrpc: '2.0', id: 'remit-1', result: { action: 'accept' } })
      const cancel = JSON.stringify({
        jsonrpc: '2.0',
        method: 'notifications/cancelled',
        params: { requestId: 1 },
      })
      const tries = [
        { headers: json, body: list },
        { headers: json, body: injected },
        { headers: json, body: cancel },
        { headers, method: 'GET' },
        { headers, method: 'DELETE' },
      ]
      for (const sent of tries) {
        const { status, text } = await raw(door, sent)
        expect(status, `${sent.method ?? 'POST'} ${id}`).toBe(404)
        expect(text).not.toContain(victim.marker)
      }
    }
    expect(victim.client.heard).toHaveLength(heard)
    expect(JSON.stringify(await victim.client.call('legacy-task__murmur', 1))).toContain(victim.marker)
  })

  test('R-SEC-1: a call that waits goes on for its own task only, whoever knows its `requestState`', async () => {
    const [owner, thief] = principals.filter(({ era }) => era === 'modern') as unknown as [
      Principal,
      Principal,
    ]
    const params = { name: 'legacy-task__ask', arguments: { marker: owner.marker } }
    const parked = (await owner.client.request('tools/call', params)).result ?? {}
    expect(parked['resultType']).toBe('input_required')
    const taken = await thief.client.request('tools/call', { ...params, ...thief.client.answers(parked) })
    expect(taken.error?.message).toContain('belongs to another call')
    const done = await owner.client.request('tools/call', { ...params, ...owner.client.answers(parked) })
    expect(JSON.stringify(done).match(MARKER)).toEqual([owner.marker, owner.marker])
  })
})
