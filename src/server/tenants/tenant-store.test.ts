import { expect, test } from 'vitest'
import type { Journal } from '../../audit/journal.ts'
import type { TaskId, TenantId } from '../../core/ids.ts'
import { createMemoryStore } from '../../store/memory/memory-store.ts'
import type { LedgerStore } from '../../store/store.ts'
import { decisionRecord, sampleTask } from '../../../test/suites/sample-records.ts'
import { tenantStore } from './tenant-store.ts'

const ACME = 'acme' as TenantId
const BETA = 'beta' as TenantId
const TASK = 'tsk_1' as TaskId

function ledgerStore(journal?: Journal): LedgerStore {
  const memory = createMemoryStore()
  return { ...memory, ...(journal && { journal }), health: () => 'available', depth: () => 0 }
}

test('R-POL-11: a tenant’s part of the store reads and writes nothing of another one, whatever is asked of it', async () => {
  const whole = ledgerStore()
  const beta = tenantStore(whole, BETA)
  const foreign = [
    { records: [], changes: [{ kind: 'insert-task', task: sampleTask(TASK, { tenant: ACME }) }] },
    { records: [], changes: [{ kind: 'expect-standing', tenant: ACME, revision: 0 }] },
    { records: [decisionRecord({ id: 'dec_1', task: TASK, tenant: ACME })], changes: [] },
  ] as const
  const own = { kind: 'insert-task', task: sampleTask(TASK, { tenant: BETA }) } as const
  for (const { records, changes } of foreign) {
    const both = { records, changes: [own, ...changes] }
    await expect(beta.journal.commit(both)).rejects.toMatchObject({ code: 'internal' })
  }
  expect(() => beta.tasks.get(ACME, TASK)).toThrow(expect.objectContaining({ code: 'internal' }))
  expect(() => beta.records.query({ tenant: ACME })).toThrow(expect.objectContaining({ code: 'internal' }))
  expect(await whole.tasks.get(BETA, TASK)).toBeUndefined()
  expect(await beta.journal.commit({ records: [], changes: [own] })).toBe('committed')
  expect(await beta.tasks.get(BETA, TASK)).toEqual(own.task)
})

test('R-POL-11: what one tenant has waiting to be written is bounded, so that there is room for the others', async () => {
  const pending = Promise.withResolvers<'committed'>()
  const whole = ledgerStore({ commit: () => pending.promise })
  const [acme, beta] = [tenantStore(whole, ACME), tenantStore(whole, BETA)]
  const unit = { records: [], changes: [] }
  const flood = Array.from({ length: 1_024 }, () => acme.journal.commit(unit))
  await expect(acme.journal.commit(unit)).rejects.toMatchObject({ code: 'ledger_busy' })
  expect([acme.depth(), beta.depth()]).toEqual([1_024, 0])
  const fair = beta.journal.commit(unit)
  pending.resolve('committed')
  expect(await fair).toBe('committed')
  await Promise.all(flood)
  expect(await acme.journal.commit(unit)).toBe('committed')
})
