import { expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { ListCache, type Given } from './list-cache.ts'
import { freshnessOf, strictest } from './list-freshness.ts'

const session = await new ScriptedUpstream('demo', 'modern', 'shared').session()
const ADA = { list: 'tools', principal: 'ada' }
const BOB = { list: 'tools', principal: 'bob' }

function given(value: string, said: { ttlMs?: number; cacheScope?: string }): () => Promise<Given<string>> {
  return () => Promise.resolve({ value, freshness: freshnessOf('modern', said) })
}

function cacheAt(start: number) {
  const clock = { at: start, now: () => clock.at, micros: () => 0 }
  return { clock, cache: new ListCache<string>(clock) }
}

test('R-MCP-3: a list is kept no longer than its server lets it, and no longer than the gateway would', async () => {
  const { clock, cache } = cacheAt(1_000)
  await cache.load(session, ADA, given('a', { ttlMs: 400, cacheScope: 'public' }))
  clock.at = 1_399
  expect(cache.get(session, ADA, 10_000)).toMatchObject({ value: 'a', until: 1_400 })
  expect(cache.get(session, ADA, 399)).toBeUndefined()
  clock.at = 1_400
  expect(cache.get(session, ADA, 10_000)).toBeUndefined()
  expect(cache.get(session, ADA, Infinity)?.value).toBe('a')
})

test('R-MCP-3: what is given for one principal is nobody else’s, also while it is being asked for', async () => {
  const { cache } = cacheAt(0)
  const both = await Promise.all([
    cache.load(session, ADA, given('a', { cacheScope: 'private' })),
    cache.load(session, BOB, given('b', {})),
  ])
  expect(both.map(({ value }) => value)).toEqual(['a', 'b'])
  const kept = [ADA, BOB].map((of) => cache.get(session, of, 1)?.value)
  expect(kept).toEqual(['a', 'b'])
  await cache.load(session, BOB, given('all', { cacheScope: 'public' }))
  expect([ADA, BOB].map((of) => cache.get(session, of, 1)?.value)).toEqual(['a', 'all'])
  cache.drop(session, 'tools')
  expect(cache.get(session, ADA, Infinity)).toBeUndefined()
})

test('R-MCP-3: pages are kept as the strictest of them, wrong words not at all', () => {
  const pages = [
    { ttlMs: 9, cacheScope: 'public' },
    { ttlMs: 7, cacheScope: 'public' },
  ]
  expect(strictest(pages.map((page) => freshnessOf('modern', page)))).toEqual({ ttl: 7, shared: true })
  const others = [...pages, { ttlMs: 'long', cacheScope: 'everybody' }]
  expect(strictest(others.map((page) => freshnessOf('modern', page)))).toEqual({ ttl: 0, shared: false })
  expect(freshnessOf('modern', {})).toEqual({ ttl: Infinity, shared: false })
  expect(freshnessOf('modern', { ttlMs: -1 }).ttl).toBe(0)
  expect(freshnessOf('legacy', { ttlMs: 0, cacheScope: 'private' })).toEqual({ ttl: Infinity, shared: true })
})
