import { expect, it } from 'vitest'
import type { Change } from '../../src/core/change.ts'
import { DEFAULT_TENANT, type HumanId, type TenantId } from '../../src/core/ids.ts'
import type { StoredSecret } from '../../src/core/stored-secret.ts'
import type { Store } from '../../src/store/store.ts'

const OTHER_TENANT = 'acme' as TenantId

function entry(name: string, more: Partial<StoredSecret> = {}): StoredSecret {
  const by = 'alice' as HumanId
  return { tenant: DEFAULT_TENANT, name, version: 1, sealed: 'c2VhbGVk', key: 'k1', at: 1, by, ...more }
}

function put(secret: StoredSecret): Change {
  return { kind: 'put-secret', secret }
}

/** What every store must do with sealed secrets. */
export function describeSecrets(current: () => Store, reopen: () => Promise<void>): void {
  const commit = (...changes: Change[]): Promise<string> => current().journal.commit({ records: [], changes })

  it('R-CRED-1: keeps sealed secrets, each tenant its own, over a restart and by compare and set', async () => {
    const first = entry('forge')
    const other = entry('forge', { tenant: OTHER_TENANT })
    expect(await commit(put(first), put(other), put(entry('alerts')))).toBe('committed')
    await reopen()
    expect(await current().secrets.list(DEFAULT_TENANT)).toEqual([entry('alerts'), first])
    expect(await commit(put(first))).toBe('conflict')
    const next = entry('forge', { version: 2, sealed: 'bmV4dA==' })
    expect(await commit(put(next))).toBe('committed')
    expect(await commit(put({ ...next, sealed: 'bG9zdA==' }))).toBe('conflict')
    await reopen()
    expect(await current().secrets.list(DEFAULT_TENANT)).toEqual([entry('alerts'), next])
    expect(await current().secrets.list(OTHER_TENANT)).toEqual([other])
  })

  it('R-CRED-1: seals an entry anew only from the key that it was seen under, and removes only what was seen', async () => {
    await commit(put(entry('forge')))
    const under = (key: string): StoredSecret => entry('forge', { key })
    expect(await commit({ kind: 'reseal-secret', secret: under('k2'), from: 'k1' })).toBe('committed')
    expect(await commit({ kind: 'reseal-secret', secret: under('k3'), from: 'k1' })).toBe('conflict')
    expect((await current().secrets.list(DEFAULT_TENANT)).map(({ key }) => key)).toEqual(['k2'])
    const remove = (version: number): Change => ({
      kind: 'remove-secret',
      tenant: DEFAULT_TENANT,
      name: 'forge',
      version,
    })
    expect(await commit(remove(2))).toBe('conflict')
    expect(await commit(put(entry('new')), remove(2))).toBe('conflict')
    expect(await current().secrets.list(DEFAULT_TENANT)).toEqual([under('k2')])
    expect(await commit(remove(1))).toBe('committed')
    await reopen()
    expect(await current().secrets.list(DEFAULT_TENANT)).toEqual([])
  })
}
