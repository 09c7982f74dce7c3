import { expect, it } from 'vitest'
import type { Change } from '../../src/core/change.ts'
import { DEFAULT_TENANT, type TenantId } from '../../src/core/ids.ts'
import type { OAuthEntry } from '../../src/core/oauth-entry.ts'
import type { Store } from '../../src/store/store.ts'

const OTHER_TENANT = 'acme' as TenantId

function entry(id: string, more: Partial<OAuthEntry> = {}): OAuthEntry {
  return { tenant: DEFAULT_TENANT, model: 'Code', id, at: 1, expires: 1_000, body: '{}', ...more }
}

function put(of: OAuthEntry): Change {
  return { kind: 'put-oauth', entry: of }
}

function consume(id: string, at: number, tenant: TenantId = DEFAULT_TENANT): Change {
  return { kind: 'consume-oauth', tenant, model: 'Code', id, at }
}

/** What every store must do with the entries of the authorization server. */
export function describeOAuthEntries(current: () => Store, reopen: () => Promise<void>): void {
  const commit = (...changes: Change[]): Promise<string> => current().journal.commit({ records: [], changes })
  const get = (id: string, tenant: TenantId = DEFAULT_TENANT) => current().oauth.get(tenant, 'Code', id)

  it('R-ID-4: keeps OAuth entries over a restart, each tenant and kind its own, found by id, uid and code', async () => {
    const code = entry('a', { uid: 'u', userCode: 'BCDF' })
    expect(await commit(put(code), put(entry('a', { tenant: OTHER_TENANT })))).toBe('committed')
    await reopen()
    expect(await get('a')).toEqual(code)
    expect(await current().oauth.find(DEFAULT_TENANT, 'Code', 'uid', 'u')).toEqual(code)
    expect(await current().oauth.find(DEFAULT_TENANT, 'Code', 'userCode', 'BCDF')).toEqual(code)
    expect(await current().oauth.find(OTHER_TENANT, 'Code', 'uid', 'u')).toBeUndefined()
    expect(await current().oauth.get(DEFAULT_TENANT, 'Token', 'a')).toBeUndefined()
    await commit({ kind: 'remove-oauth', tenant: DEFAULT_TENANT, model: 'Code', id: 'a' })
    expect(await get('a')).toBeUndefined()
    expect(await get('a', OTHER_TENANT)).toEqual(entry('a', { tenant: OTHER_TENANT }))
  })

  it('R-ID-4: a code or refresh token is used by one of many who try at once, and stays used', async () => {
    await commit(put(entry('once')))
    const tries = await Promise.all(Array.from({ length: 20 }, (_, i) => commit(consume('once', i + 1))))
    expect(tries.filter((result) => result === 'committed')).toHaveLength(1)
    expect(await commit(consume('absent', 1))).toBe('conflict')
    await commit(put(entry('once', { body: '{"again":true}' })))
    await reopen()
    expect(await get('once')).toMatchObject({ body: '{"again":true}', consumed: expect.any(Number) })
    expect(await commit(consume('once', 50))).toBe('conflict')
  })

  it('R-CRED-1: of many who take an entry away and put the next one, one does, and the next is theirs', async () => {
    await commit(put(entry('step')))
    const take: Change = { kind: 'remove-oauth', tenant: DEFAULT_TENANT, model: 'Code', id: 'step' }
    const many = Array.from({ length: 10 }, (_, i) => `next-${i}`)
    const tries = await Promise.all(many.map((id) => commit(take, put(entry(id)))))
    const winner = tries.indexOf('committed')
    expect(tries.filter((result) => result === 'committed')).toHaveLength(1)
    const kept = await Promise.all(many.map((id) => get(id)))
    expect(kept.flatMap((each) => (each === undefined ? [] : [each.id]))).toEqual([`next-${winner}`])
  })

  it('R-ID-4: forgets OAuth entries that have expired when others come', async () => {
    await commit(put(entry('old')))
    await commit(put(entry('new', { at: 1_001, expires: 9_000 })))
    expect(await get('old')).toBeUndefined()
    expect(await get('new')).toBeDefined()
  })

  it('R-ID-4: lists what one human has of a kind, oldest first, each tenant its own, over a restart', async () => {
    const of = (id: string, at: number, more: Partial<OAuthEntry> = {}): Change =>
      put(entry(id, { model: 'login.passkey', uid: 'mona', at, expires: 9e15, ...more }))
    await commit(of('b', 1_200), of('a', 1_100), of('c', 1_000, { uid: 'bob' }))
    await commit(of('d', 1_000, { tenant: OTHER_TENANT }), of('e', 1_000, { model: 'login.session' }))
    await reopen()
    const list = async (uid: string, tenant: TenantId = DEFAULT_TENANT): Promise<string[]> =>
      (await current().logins.list(tenant, 'login.passkey', uid)).map(({ id }) => id)
    expect([await list('mona'), await list('bob'), await list('nobody')]).toEqual([['a', 'b'], ['c'], []])
    expect(await list('mona', OTHER_TENANT)).toEqual(['d'])
  })
}
