import { expect, test } from 'vitest'
import { byAlice, useGate } from '../../test/support/gate-harness.ts'
import { RemitError } from '../core/errors.ts'
import type { Task } from '../core/identity.ts'
import { narrow } from '../core/narrow.ts'
import { createDelegation } from './delegate.ts'

const h = useGate()

const SCOPES = [
  {},
  { paths: ['src/**'] },
  { paths: ['src/*'] },
  { paths: ['**'] },
  { actions: ['read'] },
  { servers: ['filesystem'] },
]

test('R-ID-3: no sequence of delegating, renewing and waiting widens authority or outlives what it came from', async () => {
  const allow = {
    effect: 'allow',
    reasons: [],
    policies: ['x'],
    gates: [],
    obligations: [],
    errors: [],
  } as const
  const open = { ...h().policies, decide: () => allow }
  const delegation = createDelegation({ ...h().deps, policies: { current: () => open } })
  const { task, token } = await h().administration.createTask(byAlice, {
    workflow: 'fix-tests',
    intent: 'root',
    scope: { paths: ['src/**', 'docs/**'] },
    budget: { duration: 9_000_000 },
  })
  const known = [{ task, token }]
  // A walk that is the same every time: what is done, to which task, with how much.
  let state = 7
  const pick = (most: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % most
  }
  let [made, renewed, refused] = [0, 0, 0]
  for (let step = 0; step < 150; step += 1) {
    const at = pick(known.length)
    const from = known[at] ?? known[0]
    if (from === undefined) throw new Error('no task')
    const lifetime = (1 + pick(3)) * 1_800_000
    try {
      if (pick(3) === 0) {
        known[at] = await h().administration.renewTask(byAlice, from.task.id, lifetime)
        renewed += 1
      } else {
        const scope = SCOPES[pick(SCOPES.length)] ?? {}
        const wish = { intent: `step ${step}`, scope, lifetime }
        known.push(await delegation.delegate({ token: from.token }, wish, { requestId: `${step}` }))
        made += 1
      }
    } catch (thrown) {
      if (!(thrown instanceof RemitError)) throw thrown
      refused += 1
    }
    h().now += pick(120_000)
    const byId = new Map(known.map((each) => [each.task.id, each.task]))
    for (const each of known) expect(problemOf(each.task, byId)).toBeUndefined()
  }
  expect([made > 5, renewed > 5, refused > 5]).toEqual([true, true, true])
  const latest = known.at(-1)
  h().now = task.created + 9_000_000
  await expect(h().gate.identify(latest?.token)).rejects.toMatchObject({ code: 'task_expired' })
})

function problemOf(task: Task, byId: ReadonlyMap<string, Task>): string | undefined {
  if (task.expires > task.created + 9_000_000) return 'longer than the budget of time'
  if (task.parent === undefined) return undefined
  const parent = byId.get(task.parent)
  if (parent === undefined) return 'no parent'
  if (task.expires > parent.expires) return 'outlives its parent'
  if (task.human !== parent.human || task.workflow !== parent.workflow) return 'another human or workflow'
  const again = narrow(parent.scope, task.scope)
  if ('refused' in again) return 'wider than its parent'
  return JSON.stringify(again.scope) === JSON.stringify(task.scope) ? undefined : 'wider than its parent'
}
