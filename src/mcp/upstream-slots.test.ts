import { expect, test } from 'vitest'
import type { Party } from './upstream-shares.ts'
import { Slots } from './upstream-slots.ts'

const NEVER = new AbortController().signal
const LIMITS = { running: 64, waiting: 8, patience: 60_000 }

function party(task: string, human = 'ada'): Party {
  return { task, human, tenant: 'default' }
}

/** Takes slots until the party gets none. */
function fill(slots: Slots, who: Party): number {
  let taken = 0
  while (slots.tryEnter(who)) taken += 1
  return taken
}

test('R-MCP-3: neither one task nor all tasks of one human take every slot of a server', () => {
  const slots = new Slots(LIMITS)
  expect(fill(slots, party('greedy'))).toBe(43)
  const others = Array.from({ length: 50 }, (_, index) => fill(slots, party(`child-${String(index)}`)))
  expect(others.reduce((sum, each) => sum + each, 0)).toBeLessThan(LIMITS.running - 43)
  expect(slots.tryEnter(party('task', 'bob'))).toBe(true)
  expect(slots.tryEnter(undefined)).toBe(true)
})

test('R-MCP-3: one who is alone may use a server of two slots', () => {
  expect(fill(new Slots({ ...LIMITS, running: 2 }), party('alone'))).toBe(2)
})

test('R-MCP-3: the next slot is for who has the fewest running, not for who came first', async () => {
  const slots = new Slots({ ...LIMITS, running: 4 })
  const greedy = party('greedy')
  const other = party('other')
  const bob = party('task', 'bob')
  expect(fill(slots, greedy)).toBe(3)
  expect(slots.tryEnter(party('sibling'))).toBe(true)
  const entered: string[] = []
  const wait = (name: string, who: Party): Promise<unknown> =>
    slots.wait(who, NEVER).then(() => entered.push(name))
  const first = wait('greedy 1', greedy)
  const second = wait('greedy 2', greedy)
  const waits = [wait('other', other), wait('bob', bob)]
  slots.leave(greedy)
  slots.leave(greedy)
  await Promise.all(waits)
  expect(entered).toEqual(['bob', 'other'])
  slots.leave(party('sibling'))
  await first
  slots.leave(other)
  slots.leave(bob)
  await second
})

test('R-MCP-3: a queue that one task has filled makes room for others, and sends away who came last', async () => {
  const slots = new Slots({ ...LIMITS, running: 1, waiting: 3 })
  const greedy = party('greedy')
  const busy = { code: 'overloaded' }
  expect(slots.tryEnter(greedy)).toBe(true)
  const [first, second, third] = [1, 2, 3].map(() => slots.wait(greedy, NEVER))
  await expect(slots.wait(greedy, NEVER)).rejects.toMatchObject(busy)
  const other = slots.wait(party('other'), NEVER)
  await expect(third).rejects.toMatchObject(busy)
  const bob = slots.wait(party('task', 'bob'), NEVER)
  await expect(second).rejects.toMatchObject(busy)
  // Each has one now, and nobody who comes later would be worse off.
  await expect(slots.wait(party('late', 'bob'), NEVER)).rejects.toMatchObject(busy)
  for (const [who, waits] of [
    [greedy, first],
    [greedy, other],
    [party('other'), bob],
  ] as const) {
    slots.leave(who)
    await waits
  }
})
