import { expect, it } from 'vitest'
import type { Change, UnitOfWork } from '../../src/core/change.ts'
import type { Grant } from '../../src/core/grant.ts'
import {
  DEFAULT_TENANT,
  type Digest,
  type GrantId,
  type HumanId,
  type TaskId,
  type TenantId,
} from '../../src/core/ids.ts'
import type { NewRecord } from '../../src/core/record.ts'
import type { Store } from '../../src/store/store.ts'
import { AT, decisionRecord, sampleApproval, sampleGrant } from './sample-records.ts'

const ROOT = 'tsk_1' as TaskId
const OTHER_TENANT = 'acme' as TenantId

/** What every store must do with consent that lasts. */
export function describeGrants(store: () => Store, reopen: () => Promise<void>): void {
  it('R-CON-5: a task has one grant for the same work until somebody revokes it', async () => {
    const work = sampleGrant('grt_1').covers.digest
    const give = (id: string, more: Partial<Grant> = {}): Promise<string> =>
      store().journal.commit(unit([], [{ kind: 'insert-grant', grant: sampleGrant(id, more) }]))
    const revoke = (id: string, reason: string): Promise<string> =>
      store().journal.commit(
        unit(
          [],
          [
            {
              kind: 'revoke-grant',
              tenant: DEFAULT_TENANT,
              grant: id as GrantId,
              at: AT + 1,
              by: 'eve' as HumanId,
              reason,
            },
          ],
        ),
      )
    expect(await give('grt_1')).toBe('committed')
    expect(await give('grt_2')).toBe('conflict')
    expect(await give('grt_1', { task: 'tsk_2' as TaskId })).toBe('conflict')
    expect(await give('grt_3', { task: 'tsk_2' as TaskId })).toBe('committed')
    expect(await give('grt_3', { tenant: OTHER_TENANT })).toBe('committed')
    expect(await revoke('grt_9', 'who?')).toBe('conflict')
    expect(await revoke('grt_1', 'too broad')).toBe('committed')
    expect(await revoke('grt_1', 'again')).toBe('committed')
    expect(await store().grants.findCovering(DEFAULT_TENANT, ROOT, work)).toBeUndefined()
    expect(await give('grt_4', { created: AT + 2 })).toBe('committed')
    await reopen()
    expect((await store().grants.findCovering(DEFAULT_TENANT, ROOT, work))?.id).toBe('grt_4')
    expect(await store().grants.findCovering(DEFAULT_TENANT, ROOT, 'b'.repeat(64) as Digest)).toBeUndefined()
    expect((await store().grants.list(DEFAULT_TENANT, { limit: 9 })).map(({ id }) => id)).toEqual([
      'grt_4',
      'grt_3',
      'grt_1',
    ])
    expect((await store().grants.list(DEFAULT_TENANT, { task: ROOT, limit: 1 })).map(({ id }) => id)).toEqual(
      ['grt_4'],
    )
    expect(await store().grants.get(DEFAULT_TENANT, 'grt_1' as GrantId)).toEqual(
      sampleGrant('grt_1', { revoked: { at: AT + 1, by: 'eve' as HumanId, reason: 'too broad' } }),
    )
  })

  it('R-CON-5: every use of a grant is counted, and none of one that is revoked', async () => {
    const use = (id: string): Promise<string> =>
      store().journal.commit(
        unit(
          [decisionRecord({ id: 'dec_1', task: 'tsk_1' })],
          [
            { kind: 'use-grant', tenant: DEFAULT_TENANT, grant: id as GrantId },
            { kind: 'add-facts', tenant: DEFAULT_TENANT, root: ROOT, add: { calls: 1 } },
          ],
        ),
      )
    await store().journal.commit(unit([], [{ kind: 'insert-grant', grant: sampleGrant('grt_1') }]))
    const results = await Promise.all(Array.from({ length: 50 }, () => use('grt_1')))
    expect(new Set(results)).toEqual(new Set(['committed']))
    await reopen()
    expect((await store().grants.get(DEFAULT_TENANT, 'grt_1' as GrantId))?.uses).toBe(50)
    const revocation = { at: AT, by: 'eve' as HumanId, reason: 'enough' }
    await store().journal.commit(
      unit(
        [],
        [
          {
            kind: 'revoke-grant',
            tenant: DEFAULT_TENANT,
            grant: 'grt_1' as GrantId,
            ...revocation,
          },
        ],
      ),
    )
    expect(await use('grt_1')).toBe('conflict')
    expect(await use('grt_9')).toBe('conflict')
    expect((await store().tasks.facts(DEFAULT_TENANT, ROOT)).calls).toBe(50)
    expect(await store().grants.get(DEFAULT_TENANT, 'grt_1' as GrantId)).toMatchObject({
      uses: 50,
      revoked: revocation,
    })
  })

  it('R-REL-1: a grant comes with the approval that makes it, or not at all', async () => {
    const pending = sampleApproval('apr_1')
    await store().journal.commit(unit([], [{ kind: 'insert-approval', approval: pending }]))
    const grantedWith = (grant: Grant): Promise<string> =>
      store().journal.commit(
        unit(
          [],
          [
            {
              kind: 'update-approval',
              from: { id: pending.id, state: 'pending', votes: 0 },
              approval: { ...pending, state: 'granted' },
            },
            { kind: 'insert-grant', grant },
          ],
        ),
      )
    await store().journal.commit(unit([], [{ kind: 'insert-grant', grant: sampleGrant('grt_1') }]))
    expect(await grantedWith(sampleGrant('grt_2'))).toBe('conflict')
    expect((await store().approvals.get(DEFAULT_TENANT, pending.id))?.state).toBe('pending')
    expect(await grantedWith(sampleGrant('grt_3', { task: 'tsk_2' as TaskId }))).toBe('committed')
    expect(await grantedWith(sampleGrant('grt_4', { task: 'tsk_3' as TaskId }))).toBe('conflict')
    await reopen()
    expect(await store().grants.get(DEFAULT_TENANT, 'grt_4' as GrantId)).toBeUndefined()
    expect((await store().approvals.get(DEFAULT_TENANT, pending.id))?.state).toBe('granted')
  })
}

function unit(records: readonly NewRecord[], changes: readonly Change[]): UnitOfWork {
  return { records, changes }
}
