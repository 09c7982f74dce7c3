import { expect, test, vi } from 'vitest'
import { byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import type { Approval } from '../core/approval.ts'
import type { HumanId } from '../core/ids.ts'
import { ApprovalFeed } from './watch-approvals.ts'

const h = useGate()
const signal = NEVER

/** What another replica writes is in the store, and no event of this process. */
async function elsewhere(from: Approval, to: Partial<Approval>): Promise<void> {
  const { id, state, votes } = from
  const set = { id, state, votes: votes.length }
  const change = { kind: 'update-approval', from: set, approval: { ...from, ...to } } as const
  expect(await h().store.journal.commit({ records: [], changes: [change] })).toBe('committed')
}

test('R-CON-2: who watches hears what other replicas opened, voted and decided, once each', async () => {
  const feed = new ApprovalFeed(h().deps, 1)
  const caller = await h().callerOf()
  const [decided, voted] = [
    await h().askedFor(caller, h().write('.github/workflows/a.yml')),
    await h().askedFor(caller, h().write('.github/workflows/b.yml')),
  ]
  let { cursor } = await feed.watch(byMona, { since: 0, timeout: 0, signal })
  await elsewhere(decided, { state: 'granted' })
  await elsewhere(voted, { votes: [{ gate: 'other', human: byMona.human.id, at: 1 }] })
  const heard: string[] = []
  await vi.waitFor(async () => {
    const found = await feed.watch(byMona, { since: cursor, timeout: 10, signal })
    cursor = found.cursor
    heard.push(...found.approvals.map(({ id, state }) => `${id} ${state}`))
    expect(heard.toSorted()).toEqual([`${decided.id} granted`, `${voted.id} pending`].toSorted())
  })
  const call = h().write('.github/workflows/c.yml')
  const opened = await h().gate.authorize(caller, call, NEVER)
  expect(opened.effect).toBe('consent')
  const found = await feed.watch(byMona, { since: cursor, timeout: 10, signal })
  expect(found.approvals).toHaveLength(1)
  expect((await feed.watch(byMona, { since: found.cursor, timeout: 10, signal })).approvals).toEqual([])
})

test('R-ID-6: who watches is not woken by what is out of their reach, and hears all that is in it', async () => {
  const feed = new ApprovalFeed(h().deps, 60_000)
  const bob = {
    ...byMona,
    human: { ...byMona.human, id: 'bob' as HumanId, roles: [] },
    reach: 'own',
  } as const
  const { cursor } = await feed.watch(bob, { since: 0, timeout: 0, signal })
  const gone = new AbortController()
  let answered = false
  const waiting = feed.watch(bob, { since: cursor, timeout: 60_000, signal: gone.signal }).then((found) => {
    answered = true
    return found
  })
  const theirs = await h().askedFor(await h().callerOf(), h().write('.github/workflows/a.yml'))
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  expect(answered).toBe(false)
  h().deps.events.approvalChanged({ ...theirs, human: bob.human.id })
  const { approvals } = await waiting
  expect(approvals.map(({ human }) => human)).toEqual(['bob'])
  gone.abort()
})
