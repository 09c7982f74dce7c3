import { expect, test } from 'vitest'
import { byMona } from '../../test/support/gate-harness.ts'
import type { AdminPorts } from './admin-ports.ts'
import type { ServersNow } from './console-contract.ts'
import type { RouteRequest } from './route.ts'
import { serverEvents } from './server-stream.ts'

const UP: ServersNow['servers'][number] = {
  key: 'docs',
  transport: 'http',
  state: 'up',
  restarts: 0,
  waiting: 0,
  tools: { on: 2, off: 0 },
}
const FIRST: ServersNow = { servers: [UP], config: { needsRestart: [] }, definitions: 1 }

/** What is told while the gateway is each of these in turn, at one look after the other. */
async function toldOf(looks: readonly ServersNow[], stillThere = true): Promise<readonly unknown[]> {
  const gone = new AbortController()
  let at = 0
  const ports = {
    serversNow: () => {
      const now = looks[at]
      at += 1
      if (now !== undefined) return now
      gone.abort()
      return looks.at(-1)
    },
    pages: { now: () => 0 },
    scrub: <Value>(value: Value): Value => value,
  } as unknown as AdminPorts
  const request: RouteRequest = {
    actor: byMona,
    params: {},
    query: new URLSearchParams(),
    body: undefined,
    signal: gone.signal,
    stillThere: () => Promise.resolve(stillThere),
  }
  const told: unknown[] = []
  for await (const event of serverEvents(ports, request, 1)) told.push(event === 'beat' ? event : event.data)
  return told
}

test('R-UX-2: a breaker, a definition and a file that is refused are told by themselves, and nothing twice', async () => {
  const down = { ...UP, state: 'down', lastError: 'answers nothing' } as const
  const looks: readonly ServersNow[] = [
    FIRST,
    FIRST,
    { ...FIRST, servers: [{ ...down, nextTry: 9_000 }] },
    // How long it is to the next try is no news.
    { ...FIRST, servers: [{ ...down, nextTry: 8_500 }] },
    { ...FIRST, definitions: 2 },
    { ...FIRST, definitions: 2, config: { refused: 'remit.yaml:3:1: no', needsRestart: ['listen'] } },
  ]
  expect(await toldOf(looks)).toEqual([looks[0], looks[2], looks[4], looks[5]])
})

test('R-ID-6: the stream of servers ends with the session', async () => {
  expect(await toldOf([FIRST], false)).toEqual([])
})
