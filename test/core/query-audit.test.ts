import { expect, test } from 'vitest'
import { byMona, NEVER, useGate } from '../support/gate-harness.ts'

const h = useGate()
const all = { ...byMona, reach: 'all' as const }
const bare = { ...byMona, reach: 'bare' as const }

test('R-AUD-3: a query finds within the actor’s reach, counts, pages and is itself on record, its words erasable', async () => {
  const caller = await h().callerOf()
  await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
  await h().gate.authorize(caller, h().read('src/b.ts'), NEVER)
  const query = 'kind = decision and resource = "*src/a.ts"'
  await expect(h().administration.queryAudit(all, { query, limit: 9 })).rejects.toThrow('look at every value')
  const found = await h().administration.queryAudit(all, {
    query: 'kind = decision and human = alice',
    limit: 9,
  })
  expect(found.records.map(({ payload }) => payload?.arguments)).toEqual([
    expect.objectContaining({ path: expect.stringContaining('b.ts') as string }),
    expect.objectContaining({ path: expect.stringContaining('a.ts') as string }),
  ])
  const counted = { query: 'kind = decision limit 1' }
  expect(await h().administration.countAudit(all, counted)).toEqual({ count: 2 })
  const first = await h().administration.queryAudit(all, { ...counted, limit: 9 })
  expect(first.records).toHaveLength(1)
  const rest = await h().administration.queryAudit(all, { ...counted, past: first.next!, limit: 9 })
  expect(rest.records[0]!.index).toBeLessThan(first.records[0]!.index)
  const own = { ...byMona, reach: 'own' as const }
  expect(await h().administration.countAudit(own, { query: 'kind = decision' })).toEqual({ count: 0 })
  const [read] = (await h().administration.queryAudit(all, { query: 'kind = audit.read limit 1', limit: 1 }))
    .records
  expect(read?.detail).toEqual({ data: { query: 'kind = audit.read limit 1' } })
  expect(JSON.stringify(read?.envelope)).not.toContain('limit')
  expect(read?.envelope.actor).toBe('mona')
})

test('R-AUD-1, R-ID-6: who sees only that things are can neither read what records carry nor ask about it', async () => {
  const caller = await h().callerOf()
  await h().gate.authorize(caller, h().read('src/a.ts'), NEVER)
  const [found] = (await h().administration.queryAudit(bare, { query: 'kind = decision', limit: 1 })).records
  expect(Object.keys(found!).toSorted()).toEqual(['body', 'envelope', 'index'])
  for (const query of ['resource = x', 'not (label = secret or resource = "src/*")'])
    await expect(h().administration.countAudit(bare, { query })).rejects.toMatchObject({
      code: 'role_missing',
    })
})
