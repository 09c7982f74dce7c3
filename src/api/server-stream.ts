import { setTimeout as pause } from 'node:timers/promises'
import type { Json } from '../core/json.ts'
import type { AdminPorts } from './admin-ports.ts'
import { type ServersNow, streamServersQuery } from './console-contract.ts'
import type { StreamEvent } from './event-stream.ts'
import { type Handler, parseQuery, type RouteRequest } from './route.ts'

/** Milliseconds between two looks. A look is at memory alone: breakers, sessions, pins and the file that was read last. */
const EVERY = 500
/** Looks between signs of life, at which a session that ended is noticed too. */
const BEAT = 20
/** Milliseconds after which a reader has to prove itself anew. */
const LONGEST = 600_000

export const streamServers: Handler = async (ports, request) => {
  parseQuery(streamServersQuery, request.query)
  return { status: 200, events: serverEvents(ports, request) }
}

/** The whole at first, and again whenever something of it is another. @param every milliseconds between two looks. */
export async function* serverEvents(
  ports: AdminPorts,
  request: RouteRequest,
  every = EVERY,
): AsyncGenerator<StreamEvent | 'beat'> {
  const ends = ports.pages.now() + LONGEST
  let told = ''
  for (let look = 0; !request.signal.aborted && ports.pages.now() < ends; look += 1) {
    const now = ports.serversNow()
    const seen = sameness(now)
    if (seen !== told || look % BEAT === 0) {
      if (!(await request.stillThere())) return
      yield seen === told ? 'beat' : { event: 'servers', data: ports.scrub(now as unknown as Json) }
      told = seen
    }
    await pause(every, undefined, { signal: request.signal }).catch(() => {})
  }
}

/** What has to differ to be told: how long it is to the next try differs always. */
function sameness(now: ServersNow): string {
  return JSON.stringify(now, (name, value: unknown) => (name === 'nextTry' ? undefined : value))
}
