import { describe, expect, test } from 'vitest'
import { alice, byMona, mona, useGate } from '../../../test/support/gate-harness.ts'
import { DEFAULT_TENANT, type HumanId } from '../../core/ids.ts'
import type { Human } from '../../core/identity.ts'
import type { Actor } from '../administration.ts'
import { createViews } from './manage-views.ts'

const h = useGate()
const keeper = () => createViews({ ...h().deps, views: h().store.logins })
const as = (human: Human, reach: NonNullable<Actor['reach']> = 'own'): Actor => ({
  human,
  credential: 'approver',
  reach,
})
const otto: Human = { ...alice, id: 'otto' as HumanId }
const denied = { name: 'denied', query: 'decision = deny', shared: false }
const records = async () =>
  (await h().store.records.query({ tenant: DEFAULT_TENANT, limit: 20 })).filter(({ envelope }) =>
    envelope.kind.startsWith('view.'),
  )

describe('R-AUD-3: saved views', () => {
  test('are one’s own until they are shared, and making, changing and removing each is on record', async () => {
    await keeper().save(as(alice), denied)
    expect(await keeper().list(as(otto))).toEqual([])
    await keeper().save(as(alice), { ...denied, query: 'decision != allow', shared: true })
    expect(await keeper().list(as(otto))).toMatchObject([
      { human: 'alice', name: 'denied', query: 'decision != allow', shared: true },
    ])
    await keeper().remove(as(alice), { human: alice.id, name: 'denied' })
    expect(await keeper().list(as(alice))).toEqual([])
    const on = (await records()).map(({ envelope, detail }) => [envelope.kind, envelope.data, detail?.data])
    expect(on).toEqual([
      ['view.removed', { human: 'alice', shared: true }, { name: 'denied', query: 'decision != allow' }],
      [
        'view.saved',
        { human: 'alice', shared: true, changed: true },
        { name: 'denied', query: 'decision != allow' },
      ],
      [
        'view.saved',
        { human: 'alice', shared: false, changed: false },
        { name: 'denied', query: 'decision = deny' },
      ],
    ])
  })

  test('of somebody else are removed by admins alone, and only where they are shared', async () => {
    const view = { human: alice.id, name: 'denied' }
    await keeper().save(as(alice), denied)
    await expect(keeper().remove(byMona, view)).rejects.toMatchObject({ code: 'not_found' })
    await keeper().save(as(alice), { ...denied, shared: true })
    await expect(keeper().remove(as(otto), view)).rejects.toMatchObject({ code: 'role_missing' })
    expect(await keeper().remove(as(mona, 'all'), view)).toMatchObject(view)
    await expect(keeper().remove(as(mona, 'all'), view)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('are refused by the credential on disk, with a name or a query that is none, and past a hundred', async () => {
    const save = (more: Partial<typeof denied>, actor = as(alice)) =>
      keeper().save(actor, { ...denied, ...more })
    await expect(save({}, { ...as(alice), credential: 'stored' })).rejects.toMatchObject({
      code: 'role_missing',
    })
    for (const name of ['', ' a', 'mona/denied', 'a\u202eb', 'x'.repeat(65)])
      await expect(save({ name })).rejects.toMatchObject({ code: 'input_invalid' })
    await expect(save({ query: 'decision = denied' })).rejects.toMatchObject({
      message: expect.stringContaining('column 12') as string,
    })
    for (let each = 0; each < 100; each++) await keeper().save(as(alice), { ...denied, name: `v${each}` })
    await expect(save({ name: 'one more' })).rejects.toMatchObject({ code: 'input_invalid' })
    expect(await keeper().save(as(alice), { ...denied, name: 'v7', shared: true })).toMatchObject({
      shared: true,
    })
    expect(await keeper().save(as(otto), denied)).toMatchObject({ human: 'otto' })
  })
})

describe('R-ID-6: values that are offered for a field', () => {
  const values = (actor: Actor, field: 'human' | 'decision' | 'resource', prefix = '') =>
    h().administration.fieldValues(actor, { field, prefix, limit: 9 })

  test('are those of everybody for who sees everybody’s, paths for auditors, closed words for all', async () => {
    const caller = await h().callerOf()
    await h().gate.authorize(caller, h().write('src/a.ts'), new AbortController().signal)
    expect(await values(as(mona, 'bare'), 'human')).toContain('alice')
    expect(await values(as(mona, 'bare'), 'human', 'z')).toEqual([])
    expect(await values(as(otto), 'human')).toEqual([])
    expect(await values(as(otto), 'decision', 'd')).toEqual(['deny'])
    expect(await values(as(mona, 'bare'), 'resource', 'src/')).toEqual([])
    const before = (await h().kinds()).filter((kind) => kind === 'audit.read').length
    expect(await values(as(mona, 'all'), 'resource', 'src/')).toEqual(['src/a.ts'])
    expect((await h().kinds()).filter((kind) => kind === 'audit.read')).toHaveLength(before + 1)
  })
})
