import { describe, expect, test } from 'vitest'
import { byAlice, byMona, NEVER, useGate } from '../../test/support/gate-harness.ts'
import type { Approval } from '../core/approval.ts'
import { type ApprovalId, DEFAULT_TENANT, type Digest, type HumanId } from '../core/ids.ts'
import type { Actor } from './administration.ts'
import type { Caller } from './gate.ts'

const h = useGate()

describe('breaking the glass', () => {
  const approver = (id: string, role: string): Actor => ({
    human: { tenant: DEFAULT_TENANT, id: id as HumanId, teams: [], roles: [role] },
    credential: 'approver',
    reach: 'all',
  })
  const max = approver('max', 'maintainer')
  const otto = approver('otto', 'auditor')
  const ci = () => h().write('.github/workflows/a.yml')
  const wish = (caller: Caller) => ({ task: caller.chain.task.id, reason: 'production is down' })

  /** Other requests, which are newer. */
  async function others(like: Approval, count: number): Promise<void> {
    const changes = Array.from({ length: count }, (_, at) => {
      const call = `other ${at}` as Digest
      const gates = like.gates.map((gate) => ({ ...gate, policy: 'other' }))
      const approval = { ...like, id: `apr_other${at}` as ApprovalId, call, gates, created: like.created + 1 }
      return { kind: 'insert-approval', approval } as const
    })
    expect(await h().store.journal.commit({ records: [], changes })).toBe('committed')
  }

  test('R-CON-1: two maintainers close every gate of one task; what is denied stays denied; all on record', async () => {
    const caller = await h().callerOf()
    const glass = await h().administration.requestGlass(byMona, wish(caller))
    expect((await h().gate.authorize(caller, ci(), NEVER)).effect).toBe('consent')
    await expect(h().administration.approve(byMona, glass.id, {})).rejects.toMatchObject({
      code: 'approval_closed',
    })
    expect((await h().administration.approve(max, glass.id, {})).state).toBe('granted')
    const verdict = await h().gate.authorize(caller, h().write('.github/workflows/b.yml'), NEVER)
    expect(verdict.effect).toBe('allow')
    expect((await h().gate.authorize(caller, h().read('.env'), NEVER)).effect).toBe('deny')
    expect((await h().gate.authorize(await h().callerOf(), ci(), NEVER)).effect).toBe('consent')
    const [record] = await h().store.records.query({
      tenant: DEFAULT_TENANT,
      kind: 'decision',
      id: verdict.decisionId,
      limit: 1,
    })
    expect(record?.envelope.glass).toEqual({ id: glass.id, approvers: ['mona', 'max'] })
    h().now += 3_600_000
    expect((await h().administration.listGlass(byMona)).map(({ approval }) => approval.state)).toEqual([
      'expired',
    ])
  })

  test('R-CON-1: only for people who may, never longer than an hour, and reviewed before the next', async () => {
    const caller = await h().callerOf({ lifetime: 7_200_000 })
    await expect(h().administration.requestGlass(byAlice, wish(caller))).rejects.toMatchObject({
      code: 'role_missing',
    })
    const glass = await h().administration.requestGlass(byMona, { ...wish(caller), lifetime: 9_999_999 })
    expect(glass.expires - glass.created).toBe(3_600_000)
    await h().administration.approve(max, glass.id, {})
    const review = { id: glass.id, comment: 'looked at all of it' }
    await expect(h().administration.reviewGlass(otto, review)).rejects.toMatchObject({
      code: 'approval_closed',
    })
    await others(glass, 1_000)
    await h().administration.endGlass(byAlice, glass.id)
    expect((await h().gate.authorize(caller, ci(), NEVER)).effect).toBe('consent')
    await expect(h().administration.requestGlass(max, wish(caller))).rejects.toMatchObject({
      code: 'glass_unreviewed',
    })
    await expect(h().administration.reviewGlass(max, review)).rejects.toMatchObject({
      code: 'approver_refused',
    })
    expect((await h().administration.reviewGlass(otto, review)).reviewed).toBe(true)
    expect((await h().administration.requestGlass(max, wish(caller))).state).toBe('pending')
    const kinds = (await h().kinds()).filter((kind) => kind.startsWith('glass'))
    expect(kinds).toEqual(['glass.requested', 'glass.ended', 'glass.reviewed', 'glass.requested'])
  })

  test('R-CON-1: of several that are asked for at once one is broken, and the next when it was reviewed', async () => {
    const [one, two] = [await h().callerOf(), await h().callerOf()]
    const first = await h().administration.requestGlass(byMona, wish(one))
    const second = await h().administration.requestGlass(byMona, wish(two))
    const agreed = await Promise.allSettled(
      [first, second].map(({ id }) => h().administration.approve(max, id, {})),
    )
    expect(agreed.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const reports = await h().administration.listGlass(byMona)
    const broken = reports.find(({ approval }) => approval.state === 'granted')?.approval
    const waits = reports.find(({ approval }) => approval.state === 'pending')?.approval
    if (broken === undefined || waits === undefined) throw new Error('one is broken, and one waits')
    const again = () => h().administration.approve(max, waits.id, {})
    await expect(again()).rejects.toMatchObject({ code: 'glass_unreviewed' })
    await h().administration.endGlass(byMona, broken.id)
    await expect(again()).rejects.toThrow(new RegExp(broken.id))
    await h().administration.reviewGlass(otto, { id: broken.id, comment: 'looked at all of it' })
    expect((await again()).state).toBe('granted')
  })
})
