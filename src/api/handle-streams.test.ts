import { describe, expect, test } from 'vitest'
import { byMona, useGate } from '../../test/support/gate-harness.ts'
import type { AdminPorts } from './admin-ports.ts'
import { type StreamEvent, StreamPlaces } from './event-stream.ts'
import { streamApprovals } from './handle-streams.ts'
import type { RouteRequest } from './route.ts'

const h = useGate()

/** Reads events until what is told is told, or until the stream ends. */
async function readHere(query: string, stillThere = true): Promise<readonly StreamEvent[]> {
  const gone = new AbortController()
  const ports = {
    administration: h().administration,
    pages: { now: () => h().now },
    scrub: <Value>(value: Value): Value => value,
  } as unknown as AdminPorts
  const request: RouteRequest = {
    actor: byMona,
    params: {},
    query: new URLSearchParams(query),
    body: undefined,
    signal: gone.signal,
    stillThere: () => Promise.resolve(stillThere),
  }
  const reply = await streamApprovals(ports, request)
  if (!('events' in reply)) throw new Error('no stream')
  const read: StreamEvent[] = []
  for await (const event of reply.events) {
    if (event === 'beat') continue
    read.push(event)
    if (event.event === 'here') break
  }
  gone.abort()
  return read
}

const rowsOf = (events: readonly StreamEvent[]): readonly string[] =>
  events.flatMap(({ event, data }) =>
    event === 'approvals'
      ? (data as { id: string; state: string }[]).map(({ id, state }) => `${id} ${state}`)
      : [],
  )

describe('R-UX-2: the stream of an inbox', () => {
  test('tells all that waits with its number and the gateway’s time, and goes on from where it was cut off', async () => {
    const caller = await h().callerOf()
    const one = await h().askedFor(caller, h().write('.github/workflows/a.yml'))
    const first = await readHere('')
    expect(first.map(({ event }) => event)).toEqual(['all', 'approvals', 'here'])
    expect(first[0]?.data).toEqual({ count: 1 })
    expect(rowsOf(first)).toEqual([`${one.id} pending`])
    expect(first.at(-1)?.data).toEqual({ now: h().now })
    await h().administration.refuse(byMona, one.id, 'no')
    const two = await h().askedFor(caller, h().write('.github/workflows/b.yml'))
    const next = await readHere(`since=${String(first.at(-1)?.id)}`)
    expect(next.map(({ event }) => event)).toEqual(['approvals', 'here'])
    expect(rowsOf(next)).toEqual([`${one.id} refused`, `${two.id} pending`])
  })

  test('begins anew from a number of another start of the gateway, and ends with the session', async () => {
    await h().askedFor(await h().callerOf(), h().write('.github/workflows/a.yml'))
    expect((await readHere('since=00000000.7')).map(({ event }) => event)).toEqual([
      'all',
      'approvals',
      'here',
    ])
    expect(await readHere('', false)).toEqual([])
  })

  test('R-SEC-1: has ten places for one human and a hundred for all, and each comes back once', () => {
    const places = new StreamPlaces()
    const given = Array.from({ length: 10 }, () => places.take('ada'))
    expect(() => places.take('ada')).toThrow(/10 for one human/)
    given[0]?.()
    given[0]?.()
    places.take('ada')
    expect(() => places.take('ada')).toThrow(/10 for one human/)
    for (let at = 0; at < 90; at += 1) places.take(`human-${at}`)
    expect(() => places.take('eve')).toThrow(/too many streams/)
  })
})
