import { expect, test } from 'vitest'
import { compilerOf, packTexts } from '../../../test/policy/compiled.ts'
import { PACK } from '../../../test/policy/samples.ts'
import { alice, byMona, mona, NEVER, useGate } from '../../../test/support/gate-harness.ts'
import type { Approval } from '../../core/approval.ts'
import { DEFAULT_TENANT, type ApprovalId, type HumanId } from '../../core/ids.ts'
import type { Human } from '../../core/identity.ts'
import type { Actor } from '../administration.ts'
import { cancelUnanswerable } from '../cancel-unanswerable.ts'
import { voteDigest } from '../confirm-vote.ts'

const h = useGate()
const CI = '.github/workflows/release.yml'
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The default pack; `more` stands beside its first `@consent_by("maintainer")`, which is that of CI. */
function packWith(more: string) {
  const by = '@consent_by("maintainer")'
  return compilerOf(
    packTexts(PACK).map(({ file, text }) => ({ file, text: text.replace(by, `${by}\n${more}`) })),
  )
}
const escalating = packWith('@escalate_to("oncall")\n@escalate_after("5m")')
const ofTwo = packWith('@quorum("2")')

function person(id: string, roles: readonly string[], teams: readonly string[] = []): Human {
  return { ...mona, id: id as HumanId, roles, teams }
}
const dan = person('dan', ['member'])
const eve = person('eve', ['member'])
const nina = person('nina', ['maintainer'])
const otto = person('otto', ['approver'], ['oncall'])
const as = (human: Human): Actor => ({ human, credential: 'approver' })

const away = (actor: Actor, until = h().now + DAY) =>
  h().administration.setCover(actor, { until, away: true })
const depute = (actor: Actor, deputy: Human, until = h().now + DAY) =>
  h().administration.setCover(actor, { until, away: false, deputy: deputy.id })
const approve = (human: Human, id: ApprovalId): Promise<Approval> =>
  h().administration.approve(as(human), id, {})
const effectOf = async (content = 'x') => {
  const caller = await h().callerOf()
  return (await h().gate.authorize(caller, h().write(CI, content), NEVER)).effect
}

test('R-CON-2: who is away does not count as somebody who could answer, until they are back or the time is over', async () => {
  const caller = await h().callerOf()
  const waiting = await h().askedFor(caller, h().write(CI))
  await away(byMona)
  expect(await cancelUnanswerable(h().deps)).toBe(1)
  expect((await h().store.approvals.get(DEFAULT_TENANT, waiting.id))?.state).toBe('cancelled')
  expect(await h().gate.authorize(caller, h().write(CI), NEVER)).toMatchObject({
    effect: 'deny',
    decision: { policies: ['ci', 'remit:no-approver'] },
    error: { message: expect.stringContaining('while `mona` is away') as string },
  })
  expect(await h().administration.listCovers(byMona)).toMatchObject([{ human: 'mona', away: true }])
  h().now += DAY - 1
  expect(await effectOf()).toBe('deny')
  h().now += 1
  expect(await effectOf()).toBe('consent')
  await away(byMona)
  expect(await effectOf('y')).toBe('deny')
  await h().administration.endCover(byMona, mona.id)
  expect(await effectOf('y')).toBe('consent')
  expect((await h().kinds()).filter((kind) => kind.startsWith('cover.'))).toEqual([
    'cover.set',
    'cover.set',
    'cover.ended',
  ])
})

test('R-CON-2: while the first group is away the group of `@escalate_to` is asked at once', async () => {
  h().policies = escalating()
  h().humans = [alice, mona, otto]
  const caller = await h().callerOf()
  const first = await h().askedFor(caller, h().write(CI))
  await expect(approve(otto, first.id)).rejects.toMatchObject({ code: 'approval_unknown' })
  await away(byMona)
  expect(await approve(otto, first.id)).toMatchObject({ state: 'granted', votes: [{ escalated: true }] })
  await h().administration.endCover(byMona, mona.id)
  expect((await h().gate.authorize(caller, h().write(CI), NEVER)).effect).toBe('allow')
})

test('R-CON-2: a deputy agrees for an approver with what they may decide; the record shows both', async () => {
  h().humans = [alice, mona, dan]
  const caller = await h().callerOf()
  const { id } = await h().askedFor(caller, h().write(CI))
  await expect(approve(dan, id)).rejects.toMatchObject({ code: 'approval_unknown' })
  await depute(byMona, dan)
  expect(await approve(dan, id)).toMatchObject({ state: 'granted', votes: [{ human: 'dan', for: 'mona' }] })
  expect((await h().gate.authorize(caller, h().write(CI), NEVER)).effect).toBe('allow')
  const records = await h().store.records.query({ tenant: DEFAULT_TENANT, limit: 9 })
  const both = { approvers: ['dan'], deputies: [{ human: 'dan', for: 'mona' }] }
  for (const kind of ['approval.granted', 'decision']) {
    expect(records.find(({ envelope }) => envelope.kind === kind)?.envelope.approval).toMatchObject(both)
  }
})

test('R-CON-2: an agreement of a deputy is good for as long as they are one, and whoever named them may agree', async () => {
  h().humans = [alice, mona, dan]
  const endings = [
    () => h().administration.endCover(byMona, mona.id),
    () => depute(byMona, alice),
    async () => {
      h().now += 5 * 60_000
    },
    async () => {
      h().humans = [alice, { ...mona, roles: ['member'] }, nina, dan]
    },
    async () => {
      h().humans = [alice, mona]
    },
  ]
  for (const [index, end] of endings.entries()) {
    h().humans = [alice, mona, dan]
    await depute(byMona, dan, h().now + 5 * 60_000)
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().write(CI, String(index)))
    await approve(dan, id)
    await end()
    expect((await h().gate.authorize(caller, h().write(CI, String(index)), NEVER)).effect).not.toBe('allow')
  }
})

test('R-CON-2: never by the credential on disk, for the one whose task it is, by a deputy of a deputy, or for ever', async () => {
  h().humans = [alice, mona, dan, eve]
  await expect(depute({ human: mona, credential: 'stored' }, dan)).rejects.toMatchObject({
    code: 'role_missing',
  })
  const forOne = { ...byMona, onlyTask: 'tsk_x' as NonNullable<Actor['onlyTask']> }
  await expect(depute(forOne, dan)).rejects.toMatchObject({ code: 'role_missing' })
  for (const wrong of [
    () => depute(byMona, dan, h().now + 30 * DAY + 1),
    () => depute(byMona, dan, h().now),
    () => depute(byMona, mona),
    () => depute(byMona, person('nobody', [])),
    () => h().administration.setCover(byMona, { until: h().now + DAY, away: false }),
  ]) {
    await expect(wrong()).rejects.toMatchObject({ code: 'input_invalid' })
  }
  const { id } = await h().askedFor(await h().callerOf(), h().write(CI))
  await depute(byMona, alice)
  await expect(approve(alice, id)).rejects.toMatchObject({ code: 'approver_refused' })
  await depute(byMona, dan)
  await depute(as(dan), eve)
  await expect(approve(eve, id)).rejects.toMatchObject({ code: 'approval_unknown' })
  await expect(h().administration.endCover(as(eve), mona.id)).rejects.toMatchObject({ code: 'role_missing' })
  await h().administration.endCover(as({ ...eve, roles: ['admin'] }), mona.id)
  await expect(approve(dan, id)).rejects.toMatchObject({ code: 'approval_unknown' })
})

test('R-CON-2: in a quorum a deputy and whoever named them count once', async () => {
  h().policies = ofTwo()
  h().humans = [alice, mona, dan]
  await depute(byMona, dan)
  expect(await effectOf()).toBe('deny')
  h().humans = [alice, mona, nina, dan]
  await depute(byMona, nina)
  const { id } = await h().askedFor(await h().callerOf(), h().write(CI))
  await approve(nina, id)
  const again = h().administration.approve(as(nina), id, { for: mona.id })
  await expect(again).rejects.toMatchObject({ code: 'approval_closed' })
  expect((await approve(mona, id)).state).toBe('granted')

  await depute(byMona, dan)
  const other = await h().askedFor(await h().callerOf(), h().write(CI, 'y'))
  expect((await approve(dan, other.id)).state).toBe('pending')
  await expect(approve(mona, other.id)).rejects.toMatchObject({ code: 'approval_closed' })
  expect((await approve(nina, other.id)).state).toBe('granted')
})

test('R-CON-2: a deputy who is there answers for whom is away, and counts as one', async () => {
  h().humans = [alice, mona, dan]
  await h().administration.setCover(byMona, { until: h().now + DAY, away: true, deputy: dan.id })
  expect(await effectOf()).toBe('consent')
  await away(as(dan))
  expect(await effectOf('y')).toBe('deny')
})

test('R-SEC-1: naming a deputy wants a fresh proof, and what is signed as a deputy says for whom', async () => {
  const { id } = await h().askedFor(await h().callerOf(), h().write(CI))
  const approval = (await h().store.approvals.get(DEFAULT_TENANT, id)) as Approval
  const vote = { human: dan.id, gates: ['ci'] }
  const digests = [vote, { ...vote, for: mona.id }].map((cast) => voteDigest(h().deps.sha256, approval, cast))
  expect(new Set(digests).size).toBe(2)
  const asked: string[] = []
  const stepUp = {
    confirm: async ({ human }: Actor) => {
      asked.push(human.id)
      return undefined
    },
  }
  Object.assign(h().deps, { stepUp })
  h().humans = [alice, mona, dan]
  await away(byMona)
  expect(asked).toEqual([])
  await depute(byMona, dan)
  expect(asked).toEqual(['mona'])
})

test('R-CON-3: another replica goes by what was said here no later than by the revision of authority', async () => {
  h().humans = [alice, mona, dan]
  const elsewhere = h().otherCovers()
  const revision = async () => (await h().store.tasks.standing(DEFAULT_TENANT)).revision
  await elsewhere.catchUp(await revision())
  await depute(byMona, dan)
  await elsewhere.catchUp(await revision())
  expect(elsewhere.of(mona.id)?.deputy).toBe('dan')
  await h().administration.endCover(byMona, mona.id)
  expect(elsewhere.catchUp((await revision()) - 1)).toBeUndefined()
  await elsewhere.catchUp(await revision())
  expect(elsewhere.list()).toEqual([])
})
