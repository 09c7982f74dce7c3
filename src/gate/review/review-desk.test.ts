import { describe, expect, test } from 'vitest'
import { alice, byMona, mona, NEVER, useGate } from '../../../test/support/gate-harness.ts'
import { DEFAULT_TENANT } from '../../core/ids.ts'
import type { Actor } from '../administration.ts'
import { ReviewDesk } from './review-desk.ts'
import type { ReviewReport, ReviewSettings } from './review-report.ts'
import { tellOverdue } from './tell-overdue.ts'

const h = useGate()
const DAY = 86_400_000

function desk(review: ReviewSettings = { every: 30 * DAY }) {
  const deps = { ...h().deps, review, ownerOf: () => 'tess', secretNames: async () => ['token'] }
  return { deps, desk: new ReviewDesk(deps) }
}

async function reportOf(at: ReviewDesk): Promise<ReviewReport> {
  const { report } = await at.answer({ fresh: true })
  if (report === undefined) throw new Error('not ready')
  return report
}

/** Two tasks are denied the same. */
async function denials(): Promise<void> {
  for (let i = 0; i < 2; i += 1) await h().gate.authorize(await h().callerOf(), h().read('.env'), NEVER)
}

describe('R-AUD-4: a review of what happened since the last one', () => {
  test('finds, is marked, signed off by its digest, and begins anew from there', async () => {
    await denials()
    const { desk: at } = desk()
    const first = await reportOf(at)
    const missing = first.items.find(({ section }) => section === 'missing-permit')
    expect(missing).toMatchObject({ count: 2, says: expect.stringContaining('by secrets') })
    expect(first.items.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['credential token', 'human mona maintainer', 'mona']),
    )
    await at.mark(byMona, {
      item: missing?.id ?? '',
      mark: 'accepted',
      until: h().now + DAY,
      comment: 'fixtures',
    })
    const marked = (await at.answer({ fresh: false })).report
    expect(marked?.items.find(({ id }) => id === missing?.id)).toMatchObject({
      settled: true,
      mark: { mark: 'accepted', by: 'mona', comment: 'fixtures' },
    })
    expect(marked?.digest).toBe(first.digest)

    h().now += DAY
    const state = await at.signOff(byMona, { digest: first.digest, comment: 'looked at' })
    expect(state).toMatchObject({
      overdue: false,
      due: h().now + 30 * DAY,
      last: { by: 'mona', digest: first.digest },
    })
    const [signed] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'review.signed' })
    expect(signed).toMatchObject({
      envelope: { actor: 'mona', data: { digest: first.digest, items: first.items.length } },
      detail: { comment: 'looked at', data: { items: expect.any(Array) } },
    })
    const second = await reportOf(at)
    expect(second.from).toBe(h().now)
    expect(second.items.filter(({ section }) => ['missing-permit', 'new-surface'].includes(section))).toEqual(
      [],
    )
    h().humans = [...h().humans, { ...alice, id: 'zoe' as never }]
    const third = await reportOf(at)
    expect(third.items.filter(({ section }) => section === 'new-surface').map(({ key }) => key)).toEqual([
      'human zoe member',
    ])
  })

  test('only its owner signs, with a credential of their own, and only what they could see', async () => {
    const { desk: at } = desk({ every: DAY, owner: 'mona' })
    const { digest } = await reportOf(at)
    const wish = { digest, comment: 'x' }
    const other: Actor = { ...byMona, human: { ...mona, id: 'otto' as never } }
    await expect(at.signOff(other, wish)).rejects.toMatchObject({ code: 'role_missing' })
    await expect(at.signOff({ ...byMona, credential: 'stored' }, wish)).rejects.toMatchObject({
      code: 'role_missing',
    })
    await expect(at.signOff(byMona, { ...wish, digest: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'review_changed',
    })
    await expect(
      at.mark(byMona, { item: 'rvi_0000000000000000', mark: 'todo', comment: 'x' }),
    ).rejects.toMatchObject({ code: 'not_found' })
    await expect(desk().desk.signOff({ ...byMona, human: alice }, wish)).rejects.toMatchObject({
      code: 'role_missing',
    })
    expect(await at.signOff(byMona, wish)).toMatchObject({ owner: 'mona', last: { by: 'mona' } })
  })

  test('the first has a grace of one period; overdue is told once for each time that it was due', async () => {
    await denials()
    const { deps, desk: at } = desk({ every: DAY })
    expect(await at.state()).toMatchObject({ overdue: false, due: h().now + DAY })
    expect(await tellOverdue(deps, at)).toBe(false)
    h().now += DAY
    expect((await at.state()).overdue).toBe(true)
    // Two replicas look at the same moment.
    expect((await Promise.all([tellOverdue(deps, at), tellOverdue(deps, at)])).filter(Boolean)).toHaveLength(
      1,
    )
    expect(await tellOverdue(deps, at)).toBe(false)
    await at.signOff(byMona, { digest: (await reportOf(at)).digest, comment: 'late' })
    expect((await at.state()).overdue).toBe(false)
    h().now += DAY
    expect(await tellOverdue(deps, at)).toBe(true)
  })
})
