import { expect, it } from 'vitest'
import type { Approval } from '../../src/core/approval.ts'
import type { Change } from '../../src/core/change.ts'
import type { Severity } from '../../src/core/decision.ts'
import { type ApprovalId, DEFAULT_TENANT, type Digest, type HumanId } from '../../src/core/ids.ts'
import type { Store } from '../../src/store/store.ts'
import { AT, sampleApproval } from './sample-records.ts'

/** What every store must say of requests that wait. */
export function describeWaiting(current: () => Store, reopen: () => Promise<void>): void {
  it('R-CON-2: what waits is told in the order in which people should look, and what ran out by its end', async () => {
    const gate = sampleApproval('x').gates[0]!
    const insert = (id: string, at: number, severity: Severity, more: Partial<Approval> = {}): Change => {
      const call = id.padEnd(64, 'x') as Digest
      const gates = [
        { ...gate, severity: 'low' as const },
        { ...gate, scope: 'other', severity },
      ]
      const times = { created: AT + at, expires: AT + 1_000 - at }
      return { kind: 'insert-approval', approval: sampleApproval(id, { call, gates, ...times, ...more }) }
    }
    const changes = [
      insert('apr_low', 0, 'low'),
      insert('apr_new', 20, 'high'),
      insert('apr_old', 10, 'high'),
      insert('apr_mid', 5, 'medium'),
      insert('apr_had', 7, 'high', { state: 'granted' }),
      insert('apr_done', 8, 'high', { state: 'refused' }),
    ]
    await current().journal.commit({ records: [], changes })
    const votes = [{ gate: 'release', human: 'eve' as HumanId, at: AT }]
    const [old] = await current().approvals.some(DEFAULT_TENANT, ['apr_old' as ApprovalId])
    const from = { id: old!.id, state: old!.state, votes: 0 }
    const voted: Change = { kind: 'update-approval', from, approval: { ...old!, votes } }
    expect(await current().journal.commit({ records: [], changes: [voted] })).toBe('committed')
    await reopen()
    const waiting = await current().approvals.waiting(DEFAULT_TENANT, 9)
    expect(waiting.map(({ id, votes: given }) => [id, given])).toEqual([
      ['apr_old', 1],
      ['apr_new', 0],
      ['apr_mid', 0],
      ['apr_low', 0],
    ])
    const ids = ['apr_mid', 'apr_none', 'apr_done'] as ApprovalId[]
    const idsOf = (found: readonly Approval[]): readonly string[] => found.map(({ id }) => id)
    expect(idsOf(await current().approvals.some(DEFAULT_TENANT, ids))).toEqual(['apr_mid', 'apr_done'])
    expect(idsOf(await current().approvals.due(DEFAULT_TENANT, AT + 995, 9))).toEqual([
      'apr_new',
      'apr_old',
      'apr_had',
      'apr_mid',
    ])
    expect(idsOf(await current().approvals.due(DEFAULT_TENANT, AT + 995, 1))).toEqual(['apr_new'])
    const within = { from: AT + 5, until: AT + 20, limit: 3 }
    expect(idsOf(await current().approvals.made(DEFAULT_TENANT, within))).toEqual([
      'apr_old',
      'apr_done',
      'apr_had',
    ])
  })
}
