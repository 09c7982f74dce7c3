import { expect, test } from 'vitest'
import { compilerOf, packTexts } from '../../test/policy/compiled.ts'
import { PACK } from '../../test/policy/samples.ts'
import { alice, byMona, mona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import { notifiedGate } from '../../test/support/notified-gate.ts'
import { DEFAULT_TENANT, type HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import { ALWAYS_MASKED, type Channel } from '../notify/channel.ts'
import { noticeOf } from '../notify/notice.ts'
import type { Actor } from './administration.ts'
import { EscalationTeller } from './tell-escalations.ts'

const h = useGate()
const CI = '.github/workflows/release.yml'
const LATER = '@consent_by("maintainer")\n@escalate_to("oncall")\n@escalate_after("5m")'
const escalating = compilerOf(
  packTexts(PACK).map(({ file, text }) => ({ file, text: text.replace('@consent_by("maintainer")', LATER) })),
)
const MINUTES = 60_000

function person(id: string, roles: readonly string[], teams: readonly string[] = []): Human {
  return { ...mona, id: id as HumanId, roles, teams }
}
const otto = person('otto', ['approver'], ['oncall'])
/** Of the group, and nobody whom policy lets approve. */
const mel = person('mel', ['member'], ['oncall'])
const as = (human: Human): Actor => ({ human, credential: 'approver' })

function enrol(...humans: readonly Human[]): void {
  h().policies = escalating()
  h().humans = humans
}

test('R-CON-2: after its time another group may close a gate, by the clock alone; nobody whom policy does not let', async () => {
  enrol(alice, mona, otto, mel)
  const caller = await h().callerOf()
  const { id, prompt } = await h().askedFor(caller, h().write(CI))
  expect(prompt).toContain(
    'somebody of `maintainer` (or, after 5m or when nobody of them is there, of `oncall`)',
  )
  h().now += 5 * MINUTES - 1
  await expect(h().administration.approve(as(otto), id, {})).rejects.toMatchObject({
    code: 'approval_unknown',
  })
  expect(await new EscalationTeller(h().deps).tell()).toBe(0)
  h().now += 1
  for (const never of [mel, alice]) {
    await expect(h().administration.approve(as(never), id, {})).rejects.toMatchObject({ name: 'RemitError' })
  }
  const granted = await h().administration.approve(as(otto), id, {})
  expect(granted).toMatchObject({ state: 'granted', votes: [{ human: 'otto', escalated: true }] })
  const [record] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'approval.granted' })
  expect(record?.envelope.data).toMatchObject({ agreedSince: [{ gate: 'ci', human: 'otto' }] })
  expect((await h().gate.authorize(caller, h().write(CI), NEVER)).effect).toBe('allow')
})

test('R-CON-2: an agreement of the other group counts for as long as its giver is of it', async () => {
  enrol(alice, mona, otto)
  const caller = await h().callerOf()
  const { id } = await h().askedFor(caller, h().write(CI))
  h().now += 5 * MINUTES
  await h().administration.approve(as(otto), id, {})
  h().humans = [alice, mona, { ...otto, teams: [] }]
  expect((await h().askedFor(caller, h().write(CI))).id).not.toBe(id)
})

test('R-CON-2: where nobody of the first group is there the other may at once, and that stays so for their vote', async () => {
  enrol(alice, otto)
  const caller = await h().callerOf()
  const { id } = await h().askedFor(caller, h().write(CI))
  await h().administration.approve(as(otto), id, {})
  h().humans = [alice, mona, otto]
  expect((await h().gate.authorize(caller, h().write(CI), NEVER)).effect).toBe('allow')
  h().humans = [alice, mel]
  expect(await h().gate.authorize(caller, h().write(CI, 'more'), NEVER)).toMatchObject({
    effect: 'deny',
    error: { message: expect.stringContaining('of `maintainer` or `oncall`') as string },
  })
})

test('R-CON-2: who may agree as well is told once, over all replicas, on record and to channels', async () => {
  enrol(alice, mona, otto)
  const channel = { name: 'webhook:chat', events: new Set(['approval.escalated']) } as unknown as Channel
  const { deps, gate } = notifiedGate(h(), [channel])
  const caller = await h().callerOf()
  const verdict = await gate.authorize(caller, h().write(CI), NEVER)
  const { id } =
    verdict.effect === 'consent' ? verdict.approval : await Promise.reject(new Error('not asked'))
  const tellers = [new EscalationTeller(deps), new EscalationTeller(deps)]
  expect(await Promise.all(tellers.map((teller) => teller.tell()))).toEqual([0, 0])
  h().now += 5 * MINUTES
  const told = await Promise.all(tellers.map((teller) => teller.tell()))
  expect(told.toSorted((a, b) => a - b)).toEqual([0, 1])
  expect(await new EscalationTeller(deps).tell()).toBe(0)
  expect((await h().kinds()).filter((kind) => kind === 'approval.escalated')).toHaveLength(1)
  const [delivery, ...more] = await h().store.outbox.due(DEFAULT_TENANT, { now: h().now, limit: 9 })
  expect([delivery?.event, more]).toEqual(['approval.escalated', []])
  const approval = await h().store.approvals.get(DEFAULT_TENANT, id)
  if (delivery?.event !== 'approval.escalated' || approval === undefined) throw new Error('nothing to tell')
  const notice = noticeOf(delivery, approval, { adminUrl: '', masked: new Set(ALWAYS_MASKED) })
  expect(notice.gates).toMatchObject([
    { by: 'maintainer', escalateTo: 'oncall', escalates: new Date(h().now).toISOString() },
  ])
  await h().administration.approve(byMona, id, {})
})
