import { describe, expect, test } from 'vitest'
import { compilerOf, packTexts } from '../../test/policy/compiled.ts'
import { PACK } from '../../test/policy/samples.ts'
import { NEVER, alice, byMona, mona, useGate } from '../../test/support/gate-harness.ts'
import { DEFAULT_TENANT, type HumanId } from '../core/ids.ts'
import type { Human } from '../core/identity.ts'
import type { Actor } from './administration.ts'
import { cancelUnanswerable } from './cancel-unanswerable.ts'
import { createGate } from './create-gate.ts'
import { expireApprovals } from './expire-approvals.ts'
import type { Gate, Verdict } from './gate.ts'

const h = useGate()

/** The default pack, some of its text replaced. */
function packWith(from: string, to: string) {
  return compilerOf(packTexts(PACK).map(({ file, text }) => ({ file, text: text.replace(from, to) })))()
}
const CI = '.github/workflows/release.yml'

describe('consent', () => {
  test('R-CON-3: after a maintainer agreed, of many racing retries exactly one runs', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().write(CI))
    await h().administration.approve(byMona, id, {})
    const verdicts = await Promise.all(
      Array.from({ length: 20 }, () => h().gate.authorize(caller, h().write(CI), NEVER)),
    )
    const effects = verdicts.map((verdict) => verdict.effect).toSorted()
    expect(effects.filter((effect) => effect === 'allow')).toHaveLength(1)
    expect(effects.filter((effect) => effect === 'consent')).toHaveLength(19)
    expect((await h().store.approvals.get(DEFAULT_TENANT, id))?.state).toBe('used')
  })

  test('R-CON-3: retries of a waiting call attach to one request; other arguments open another', async () => {
    const caller = await h().callerOf()
    const first = await h().askedFor(caller, h().write(CI))
    expect((await h().askedFor(caller, h().write(CI))).id).toBe(first.id)
    expect((await h().askedFor(caller, h().write(CI, 'other'))).id).not.toBe(first.id)
    expect((await h().askedFor(await h().callerOf(), h().write(CI))).id).not.toBe(first.id)
  })

  test('R-CON-3: other policies void an approval where they ask otherwise; the record keeps both versions', async () => {
    const caller = await h().callerOf()
    const { id, policyHash } = await h().askedFor(caller, h().write(CI))
    await h().administration.approve(byMona, id, {})
    const asking = packWith('@timeout("30m")', '@timeout("20m")')
    h().policies = packWith('this changes a CI/CD pipeline', 'this changes what mends it')
    const verdict = await h().gate.authorize(caller, h().write(CI), NEVER)
    expect(verdict.effect).toBe('allow')
    const [decision] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision', limit: 1 })
    expect(decision?.envelope).toMatchObject({
      approval: { id, policyHash },
      decision: { policyHash: h().policies.hash },
    })
    expect(policyHash).not.toBe(h().policies.hash)

    h().policies = asking
    const second = await h().askedFor(caller, h().write(CI, 'more'))
    await h().administration.approve(byMona, second.id, {})
    h().policies = packWith(
      '@consent("ci")\n@consent_by("maintainer")',
      '@consent("ci")\n@consent_by("approver")',
    )
    h().humans = [...h().humans, { ...mona, id: 'otto' as HumanId, roles: ['approver'] }]
    const third = await h().askedFor(caller, h().write(CI, 'more'))
    expect(third.id).not.toBe(second.id)
    expect((await h().store.approvals.get(DEFAULT_TENANT, second.id))?.state).toBe('cancelled')
    const [asked] = await h().store.records.query({ tenant: DEFAULT_TENANT, kind: 'decision', limit: 1 })
    expect(JSON.stringify(asked?.detail?.reasons)).toContain(second.id)
  })

  test('R-CON-2: an agreement counts for as long as whoever gave it could give it', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().write(CI))
    await h().administration.approve(byMona, id, {})
    const nina: Human = { ...mona, id: 'nina' as HumanId }
    h().humans = [alice, { ...mona, roles: ['member'] }, nina]
    const again = await h().askedFor(caller, h().write(CI))
    expect(again.id).not.toBe(id)
    expect((await h().store.approvals.get(DEFAULT_TENANT, id))?.state).toBe('cancelled')
  })

  test('R-CON-2: where nobody who is enrolled could agree the call is denied at once, never left waiting', async () => {
    const caller = await h().callerOf()
    const waiting = await h().askedFor(caller, h().write(CI))
    const held = h().gate.awaitApproval(caller, waiting.id, { timeout: 60_000, signal: NEVER })
    for (const left of [[alice], [{ ...alice, roles: ['maintainer'] }]]) {
      h().humans = left
      const verdict = await h().gate.authorize(caller, h().write(CI, left[0]?.roles[0]), NEVER)
      expect(verdict).toMatchObject({
        effect: 'deny',
        decision: { policies: ['ci', 'remit:no-approver'] },
        error: { message: expect.stringContaining('nobody enrolled here can give it') as string },
      })
    }
    expect(await cancelUnanswerable(h().deps)).toBe(1)
    expect((await held).state).toBe('cancelled')
    expect((await h().gate.authorize(caller, h().write(CI), NEVER)).effect).toBe('deny')
    expect(await h().store.approvals.list(DEFAULT_TENANT, { state: 'pending', limit: 9 })).toEqual([])
    h().humans = [alice, mona]
    await h().askedFor(caller, h().write(CI))
    h().policies = packWith('@consent_by("maintainer")', '@consent_by("maintainer")\n@quorum("2")')
    expect(await h().gate.authorize(caller, h().write(CI), NEVER)).toMatchObject({
      effect: 'deny',
      error: { message: expect.stringContaining('needs 2 different people') as string },
    })
  })

  test('R-CON-2: the delegator without the role, and the stored credential, may not approve', async () => {
    const { id } = await h().askedFor(await h().callerOf(), h().write(CI))
    const asAlice: Actor = { human: alice, credential: 'approver' }
    await expect(h().administration.approve(asAlice, id, {})).rejects.toMatchObject({
      code: 'approver_refused',
    })
    const stored: Actor = { human: mona, credential: 'stored' }
    await expect(h().administration.approve(stored, id, {})).rejects.toMatchObject({ code: 'role_missing' })
    const elsewhere: Actor = { ...byMona, onlyTask: 'tsk_other' as NonNullable<Actor['onlyTask']> }
    await expect(h().administration.approve(elsewhere, id, {})).rejects.toMatchObject({
      code: 'approval_unknown',
    })
    expect((await h().store.approvals.get(DEFAULT_TENANT, id))?.state).toBe('pending')
  })

  test('R-CON-2: a refusal denies the same call from then on, with its reason', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().write(CI))
    await h().administration.refuse(byMona, id, 'not now')
    const verdict = await h().gate.authorize(caller, h().write(CI), NEVER)
    expect(verdict.effect).toBe('deny')
    expect((verdict as Extract<Verdict, { effect: 'deny' }>).error).toMatchObject({
      code: 'approval_refused',
      message: expect.stringContaining('not now') as string,
    })
  })

  test('R-CON-3: a request and a grant run out to nothing, and asking again opens a new one', async () => {
    const caller = await h().callerOf()
    const waiting = await h().askedFor(caller, h().write(CI))
    h().now = waiting.expires
    const second = await h().askedFor(caller, h().write(CI))
    expect(second.id).not.toBe(waiting.id)
    await h().administration.approve(byMona, second.id, {})
    h().now = second.expires
    const third = await h().askedFor(caller, h().write(CI))
    expect(third.id).not.toBe(second.id)
    expect(await h().kinds()).toEqual(expect.arrayContaining(['approval.expired']))
    expect((await h().store.approvals.get(DEFAULT_TENANT, second.id))?.state).toBe('expired')
  })

  test('R-CON-4: whoever waits for an approval is told as soon as it is decided', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().write(CI))
    const waiting = h().gate.awaitApproval(caller, id, { timeout: 20_000, signal: NEVER })
    await h().administration.approve(byMona, id, {})
    expect((await waiting).state).toBe('granted')
  })

  test('R-CON-4: waiting ends pending when the caller goes away', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().write(CI))
    const gone = new AbortController()
    const waiting = h().gate.awaitApproval(caller, id, { timeout: 20_000, signal: gone.signal })
    gone.abort()
    expect((await waiting).state).toBe('pending')
    await expect(
      h().gate.awaitApproval(await h().callerOf(), id, { timeout: 1, signal: NEVER }),
    ).rejects.toMatchObject({ code: 'approval_unknown' })
  })

  test('R-AUD-1: the life of an approval is on record, with who and what they saw', async () => {
    const caller = await h().callerOf()
    const { id } = await h().askedFor(caller, h().write(CI))
    await h().administration.viewApproval(byMona, id)
    await h().administration.approve(byMona, id, { comment: 'fine' })
    await h().gate.authorize(caller, h().write(CI), NEVER)
    expect(await h().kinds()).toEqual([
      'task.created',
      'approval.requested',
      'decision',
      'approval.viewed',
      'approval.granted',
      'decision',
    ])
    const records = await h().store.records.query({ tenant: DEFAULT_TENANT, id })
    const requested = records.find((record) => record.envelope.kind === 'approval.requested')
    expect(requested?.detail?.prompt).toContain('mend the tests')
    const granted = records.find((record) => record.envelope.kind === 'approval.granted')
    expect(granted).toMatchObject({
      envelope: {
        actor: 'mona',
        identity: { task: caller.chain.task.id },
        approval: { approvers: ['mona'] },
      },
      detail: { comment: 'fine' },
    })
  })
})

test('R-CON-1: a watcher hears of a new request and of its end', async () => {
  const signal = NEVER
  const caller = await h().callerOf()
  const start = await h().administration.watchApprovals(byMona, { since: 0, timeout: 1, signal })
  const next = h().administration.watchApprovals(byMona, { since: start.cursor, timeout: 20_000, signal })
  const { id } = await h().askedFor(caller, h().write(CI))
  expect((await next).approvals.map((approval) => approval.id)).toEqual([id])
})

test('R-CON-3: requests and grants that nobody asks for again end by themselves, on record, and those who wait hear it', async () => {
  const caller = await h().callerOf()
  const pending = await h().askedFor(caller, h().write(CI))
  const granted = await h().askedFor(caller, h().write(CI, 'other'))
  await h().administration.approve(byMona, granted.id, {})
  expect(await expireApprovals(h().deps)).toBe(0)
  const waiting = h().gate.awaitApproval(caller, pending.id, { timeout: 3_600_000, signal: NEVER })
  h().now = Math.max(pending.expires, granted.expires)
  expect(await expireApprovals(h().deps)).toBe(2)
  expect((await waiting).state).toBe('expired')
  expect((await h().kinds()).filter((kind) => kind === 'approval.expired')).toHaveLength(2)
})

const lost = (): Promise<never> => Promise.reject(new Error('connection terminated'))

/** The same gate, whose approvals are away. */
function gateInOutage(): Gate {
  const broken = new Proxy({}, { get: () => lost }) as never
  return createGate({ ...h().deps, approvals: broken })
}

test('R-CON-3, R-REL-1: while approvals cannot be read, what asks is denied on record, and what asks nobody runs', async () => {
  const caller = await h().callerOf()
  const gate = gateInOutage()
  const verdict = await gate.authorize(caller, h().write(CI), NEVER)
  expect(verdict).toMatchObject({
    effect: 'deny',
    decision: { gates: [], policies: ['ci', 'remit:consent-outage'] },
    error: { code: 'call_denied', message: expect.stringContaining('again in a minute') as string },
  })
  const [record] = await h().store.records.query({
    tenant: DEFAULT_TENANT,
    kind: 'decision',
    id: verdict.decisionId,
  })
  expect(record?.envelope.decision).toMatchObject({ effect: 'deny' })
  expect((await gate.authorize(caller, h().read('src/a.ts'), NEVER)).effect).toBe('allow')
})

test('R-CON-3, R-REL-1: an agreement outlasts the outage: asked anew after it, the call runs once', async () => {
  const caller = await h().callerOf()
  const { id } = await h().askedFor(caller, h().write(CI))
  await h().administration.approve(byMona, id, {})
  const denied = await gateInOutage().authorize(caller, h().write(CI), NEVER)
  expect(denied.effect).toBe('deny')
  expect((await h().gate.authorize(caller, h().write(CI), NEVER)).effect).toBe('allow')
  expect((await h().askedFor(caller, h().write(CI))).id).not.toBe(id)
})
