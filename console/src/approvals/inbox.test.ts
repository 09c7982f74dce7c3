import { describe, expect, test } from 'vitest'
import { indexOf, toggled } from './choose-rows.ts'
import {
  afterMessage,
  decidedRows,
  firstEnd,
  type InboxRows,
  NOTHING_HEARD,
  waitingRows,
} from './inbox-rows.ts'
import { EventText } from '../event-text.ts'
import { hrefIn, placeIn } from '../place.ts'
import type { InboxRow } from '../../../src/api/console-contract.ts'

const row = (id: string, more: object = {}): InboxRow =>
  ({ id, state: 'pending', severity: 'low', created: 0, expires: 1_000, gates: [], ...more }) as never
const after = (messages: readonly (readonly [string, unknown])[], start = NOTHING_HEARD): InboxRows =>
  messages.reduce((state, [event, data]) => afterMessage(state, { event, data }, 100), start)
const idsOf = (rows: readonly InboxRow[]): readonly string[] => rows.map(({ id }) => id)
const here = ['here', { now: 100 }] as const

describe('the console’s inbox', () => {
  test('R-UX-2: the gravest is first, then what waits longest; what is decided leaves', () => {
    const rows = [
      row('new', { created: 9 }),
      row('old', { created: 1 }),
      row('grave', { severity: 'high', created: 5 }),
      row('some', { severity: 'medium', created: 7 }),
    ]
    const heard = after([
      ['all', { count: 4 }],
      ['approvals', rows.slice(0, 2)],
      ['approvals', rows.slice(2)],
    ])
    expect(heard.loaded).toBe(false)
    expect(idsOf(waitingRows(heard, 0))).toEqual(['grave', 'some', 'old', 'new'])
    const later = after([here, ['approvals', [row('some', { state: 'refused' })]]], heard)
    expect(later.loaded).toBe(true)
    expect(idsOf(waitingRows(later, 0))).toEqual(['grave', 'old', 'new'])
    expect(idsOf(decidedRows(later))).toEqual(['some'])
  })

  test('R-UX-2: when all is told anew, what is not told again waits no longer, and nothing flickers meanwhile', () => {
    const first = after([['all', {}], ['approvals', [row('a'), row('b')]], here])
    const half = after(
      [
        ['all', {}],
        ['approvals', [row('b'), row('c')]],
      ],
      first,
    )
    expect(idsOf(waitingRows(half, 0))).toEqual(['a', 'b', 'c'])
    expect(idsOf(waitingRows(after([here], half), 0))).toEqual(['b', 'c'])
  })

  test('R-CON-3: a request that ran out leaves by the gateway’s clock, without an event', () => {
    const heard = after([
      ['all', {}],
      ['approvals', [row('soon', { expires: 600 }), row('late', { expires: 900 })]],
      ['here', { now: 500 }],
    ])
    expect(heard.ahead).toBe(400)
    expect(firstEnd(waitingRows(heard, 599))).toBe(600)
    expect(idsOf(waitingRows(heard, 600))).toEqual(['late'])
    expect(firstEnd(waitingRows(heard, 900))).toBeUndefined()
  })

  test('R-CON-2: the chosen row stays the chosen one when graver ones come above it', () => {
    expect(indexOf({ index: 0, id: 'b' }, [row('a'), row('b')])).toBe(1)
    expect(indexOf({ index: 5, id: 'gone' }, [row('a'), row('b')])).toBe(1)
    expect(indexOf({ index: 0 }, [])).toBe(0)
  })

  test('R-UX-2: only requests of equal risk are ticked together, and none that is grave', () => {
    const release = { gates: [{ scope: 'release', quorum: 1, given: 0 }] }
    const [a, b] = [row('a', release), row('b', release)]
    expect([...toggled(new Set(['a']), b, [a])]).toEqual(['a', 'b'])
    expect([...toggled(new Set(['a', 'b']), b, [a, b])]).toEqual(['a'])
    expect([...toggled(new Set(['a']), row('c'), [a])]).toEqual(['c'])
    expect([...toggled(new Set(['a']), row('d', { severity: 'high' }), [a])]).toEqual(['a'])
  })

  test('R-UX-2: a stream is read wherever it is cut', () => {
    const text = ': here\n\nevent: approvals\nid: e.7\ndata: [{"a":"x: y"}]\n\nevent: here\ndata: {}\n\n'
    for (const size of [1, 7, text.length]) {
      const reader = new EventText()
      const found = []
      for (let at = 0; at < text.length; at += size) found.push(...reader.add(text.slice(at, at + size)))
      expect(found).toEqual([
        { event: 'approvals', id: 'e.7', data: [{ a: 'x: y' }] },
        { event: 'here', id: '', data: {} },
      ])
    }
  })

  test('R-POL-11: below a tenant’s path every address is of that tenant', () => {
    for (const base of ['', '/t/acme']) {
      expect(hrefIn(base, { screen: 'tasks', item: 'tsk_1' })).toBe(`${base}/console/tasks/tsk_1`)
      expect(placeIn(base, `${base}/console/tasks/tsk_1`)).toEqual({ screen: 'tasks', item: 'tsk_1' })
      expect(placeIn(base, `${base}/console/`)).toEqual({ screen: 'approvals' })
      const query = { screen: 'audit', query: 'id = "a&b" and x' }
      expect(placeIn(base, hrefIn(base, query))).toEqual(query)
    }
  })
})
