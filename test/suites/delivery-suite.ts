import { expect, it } from 'vitest'
import type { Change } from '../../src/core/change.ts'
import type { ApprovalDelivery } from '../../src/core/delivery.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import type { Store } from '../../src/store/store.ts'
import { AT, sampleApproval, sampleDelivery } from './sample-records.ts'

/** What every store must do with what is to be told. */
export function describeDeliveries(current: () => Store, reopen: () => Promise<void>): void {
  const commit = (...changes: Change[]): Promise<string> => current().journal.commit({ records: [], changes })
  const put = (id: string, more: Partial<ApprovalDelivery> = {}): Change => ({
    kind: 'put-delivery',
    delivery: sampleDelivery(id, more),
  })
  const due = async (now: number, channel?: string): Promise<string[]> =>
    (
      await current().outbox.due(DEFAULT_TENANT, {
        now,
        limit: 10,
        ...(channel === undefined ? {} : { channel }),
      })
    ).map(({ id }) => id)

  it('R-CON-3: an outbox keeps what is to be told over a restart, by when and whom', async () => {
    await commit(
      put('late', { due: AT + 2 }),
      put('soon', { due: AT + 1 }),
      put('slack', { channel: 'slack' }),
    )
    await reopen()
    expect(await due(AT - 1)).toEqual([])
    expect(await due(AT + 1)).toEqual(['slack', 'soon'])
    expect(await due(AT + 2, 'webhook:chat')).toEqual(['soon', 'late'])
  })

  it('R-CON-3: of many who take the same delivery one has it, and only what it has is removed', async () => {
    await commit(put('one'))
    const taken = put('one', { revision: 2, due: AT + 100, attempts: 1 })
    const tries = await Promise.all(Array.from({ length: 10 }, () => commit(taken)))
    expect(tries.filter((result) => result === 'committed')).toHaveLength(1)
    expect(await due(AT)).toEqual([])
    const remove = (revision: number): Change => ({
      kind: 'remove-delivery',
      tenant: DEFAULT_TENANT,
      id: 'one',
      revision,
    })
    expect([await commit(remove(1)), await commit(remove(2)), await commit(remove(2))]).toEqual([
      'conflict',
      'committed',
      'conflict',
    ])
  })

  it('R-CON-3: what is to be told is written with the request, or neither', async () => {
    const asked: Change = { kind: 'insert-approval', approval: sampleApproval('apr_out') }
    expect(await commit(asked, put('first'))).toBe('committed')
    expect(await commit(asked, put('second'))).toBe('conflict')
    expect(await due(AT)).toEqual(['first'])
  })
}
