import { expect, test } from 'vitest'
import { type Silence, WriterSilences } from './writer-silences.ts'

const MINUTE = 60_000

/** Kind and minute of records of one writer. */
function silencesOf(records: readonly (readonly [kind: string, minute: number])[], now?: number): Silence[] {
  const silences = new WriterSilences()
  for (const [index, [kind, minute]] of records.entries()) {
    const data = { interval: MINUTE, heartbeat: MINUTE }
    silences.see(index, { kind, at: new Date(minute * MINUTE).toISOString(), data }, 'wrt_1')
  }
  if (now !== undefined) silences.end(now * MINUTE)
  return silences.found
}

test('R-AUD-2: a writer that beats, or stops and starts again, is never silent', () => {
  const steady = [
    ['gateway.started', 0],
    ['ledger.heartbeat', 1],
    ['decision', 2],
    ['ledger.heartbeat', 4],
  ] as const
  expect(silencesOf(steady, 6)).toEqual([])
  const stopped = [...steady, ['gateway.stopped', 5], ['backup.made', 600], ['gateway.started', 900]] as const
  expect(silencesOf(stopped, 902)).toEqual([])
  expect(
    silencesOf(
      [
        ['decision', 0],
        ['decision', 500],
      ],
      900,
    ),
  ).toEqual([])
})

test('R-AUD-2: a time without a beat is seen though the writer came back, and while it lasts', () => {
  const crashed = [
    ['gateway.started', 0],
    ['ledger.heartbeat', 1],
    ['gateway.started', 9],
  ] as const
  expect(silencesOf(crashed)).toMatchObject([
    { writer: 'wrt_1', after: 1, until: '1970-01-01T00:09:00.000Z' },
  ])
  const dead = silencesOf(
    [
      ['gateway.started', 0],
      ['ledger.heartbeat', 1],
    ],
    5,
  )
  expect(dead).toEqual([{ writer: 'wrt_1', after: 1, from: '1970-01-01T00:01:00.000Z' }])
})
