import { expect, it } from 'vitest'
import type { SavedView } from '../../src/core/audit-query/saved-view.ts'
import { DEFAULT_TENANT, type Digest, type HumanId, type TenantId } from '../../src/core/ids.ts'
import { keptViews, putView, removeKeptView } from '../../src/gate/views/kept-views.ts'
import type { Store } from '../../src/store/store.ts'
import { describeFleet } from './fleet-suite.ts'

const view: SavedView = {
  tenant: DEFAULT_TENANT,
  human: 'ada' as HumanId,
  name: 'denied',
  query: 'decision = deny',
  shared: true,
  at: 1,
}
const digest = (text: string): Digest => text as Digest

/** What every store must do with questions that people keep, and with what else it keeps for good beside them. */
export function describeViews(current: () => Store, reopen: () => Promise<void>): void {
  const commit = (...changes: Parameters<Store['journal']['commit']>[0]['changes']) =>
    current().journal.commit({ records: [], changes })
  const kept = (tenant = DEFAULT_TENANT) => keptViews(current().logins, tenant)

  it('R-AUD-3: keeps views of each tenant for good, one a human and name, until they are removed', async () => {
    const other = { ...view, name: 'failed', query: 'outcome = error' }
    await commit(putView(view, digest), putView(other, digest))
    const changed = { ...view, query: 'decision != allow', at: 2 ** 45 }
    expect(await commit(putView(changed, digest))).toBe('committed')
    await reopen()
    expect(await kept()).toEqual([other, changed])
    expect(await kept('acme' as TenantId)).toEqual([])
    expect(await commit(removeKeptView(DEFAULT_TENANT, view, digest))).toBe('committed')
    expect(await commit(removeKeptView(DEFAULT_TENANT, view, digest))).toBe('conflict')
    expect(await kept()).toEqual([other])
  })
  describeFleet(current, reopen)
}
