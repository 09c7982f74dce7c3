import { describe, expect, test } from 'vitest'
import type { HumanId, TaskId, TenantId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import { directoryOf } from './human-directory.ts'
import { loadChain } from './task-chain.ts'

const TENANT = 'default' as TenantId

function storeOf(parents: Record<string, string | undefined>, human: (id: string) => string = () => 'maria') {
  return {
    get: (tenant: TenantId, id: TaskId) => {
      const known = tenant === TENANT && Object.hasOwn(parents, id)
      const parent = parents[id]
      const task = { id, human: human(id), ...(parent === undefined ? {} : { parent }) }
      return Promise.resolve(known ? (task as unknown as Task) : undefined)
    },
  }
}

describe('R-ID-3: the chain of a task', () => {
  test('lists the ancestors, nearest first', async () => {
    const chain = await loadChain(storeOf({ a: 'b', b: 'c', c: undefined }), TENANT, 'a' as TaskId)
    expect(chain?.task.id).toBe('a')
    expect(chain?.ancestors.map((task) => task.id)).toEqual(['b', 'c'])
  })

  test.each([
    ['unknown', {}],
    ['of a missing parent', { a: 'gone' }],
    ['that is its own parent', { a: 'a' }],
    ['in a cycle', { a: 'b', b: 'c', c: 'b' }],
    ['too deep', Object.fromEntries('abcdefghi'.split('').map((id, n) => [id, 'bcdefghij'[n]])) as object],
  ])('a task %s has no chain', async (_, parents) => {
    const all = { ...(parents as Record<string, string>), ...('i' in parents ? { j: undefined } : {}) }
    expect(await loadChain(storeOf(all), TENANT, 'a' as TaskId)).toBeUndefined()
  })

  test('a chain that changes its human on the way is broken', async () => {
    const store = storeOf({ a: 'b', b: undefined }, (id) => (id === 'a' ? 'eve' : 'maria'))
    expect(await loadChain(store, TENANT, 'a' as TaskId)).toBeUndefined()
  })
})

test('R-ID-6: the directory finds humans of their tenant only', () => {
  const maria = { tenant: TENANT, id: 'maria' as HumanId, teams: ['payments'], roles: ['maintainer'] }
  const directory = directoryOf([maria])
  expect(directory.find(TENANT, 'maria' as HumanId)).toBe(maria)
  expect(directory.find('other' as TenantId, 'maria' as HumanId)).toBeUndefined()
  expect(directory.list(TENANT)).toEqual([maria])
})
