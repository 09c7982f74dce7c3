import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect } from 'vitest'
import { saltSource } from '../../src/audit/seal.ts'
import { serialiseRecord } from '../../src/audit/serialise-record.ts'
import { verifyLedger } from '../../src/audit/verify.ts'
import type { LedgerSource } from '../../src/audit/ledger-source.ts'
import { DEFAULT_TENANT, type ApprovalId, type TaskId } from '../../src/core/ids.ts'
import { BufferedRows, type NewRows } from '../../src/store/postgres/buffered-rows.ts'
import { TenantLedger } from '../../src/store/tenant-ledger.ts'
import type { LedgerStore } from '../../src/store/store.ts'
import { AT, decisionRecord, sampleApproval, sampleTask } from './sample-records.ts'

/** Enough for one tile of 256 leaves, with records behind it. */
const RECORDS = 300
const WRITER = 'wrt_old'

export const OLD_KEY: KeyObject = generateKeyPairSync('ed25519').privateKey

export interface OldLedger extends NewRows {
  /** Where its writer stands. */
  readonly place: { readonly seq: number; readonly prev: string }
}

/** A signed ledger as each version so far has written it. */
export function oldLedger(): OldLedger {
  const rows = new BufferedRows({ size: 0, records: new Map(), tiles: new Map(), checkpoint: undefined })
  const ledger = new TenantLedger({
    tenant: DEFAULT_TENANT,
    rows,
    signingKey: OLD_KEY,
    outside: [],
    writer: WRITER,
    salt: saltSource(),
  })
  for (let at = 0; at < RECORDS; at++) {
    ledger.append(serialiseRecord(decisionRecord({ id: `dec_${at}`, task: 'tsk_old' })))
  }
  ledger.sign(AT)
  return { ...rows.take(), place: ledger.place }
}

/** Rows of tables that have had these columns since their first version. */
export const OLD_STATE = {
  writer: WRITER,
  task: { tenant: DEFAULT_TENANT, id: 'tsk_old', created: AT, body: JSON.stringify(sampleTask('tsk_old')) },
  approval: {
    tenant: DEFAULT_TENANT,
    id: 'apr_old',
    task: 'tsk_old',
    call: 'e'.repeat(64),
    state: 'pending',
    votes: 0,
    created: AT,
    body: JSON.stringify(sampleApproval('apr_old', { task: 'tsk_old' as TaskId })),
  },
} as const

/** What must be there, and go on, once this release has opened a database of an earlier version. */
export async function expectMigrated(store: LedgerStore): Promise<void> {
  expect(await store.tasks.get(DEFAULT_TENANT, 'tsk_old' as TaskId)).toMatchObject({
    intent: 'make the tests pass',
  })
  expect(await store.tasks.facts(DEFAULT_TENANT, 'tsk_old' as TaskId)).toMatchObject({
    calls: 7,
    files: 0,
    labels: ['source'],
  })
  expect(await store.approvals.get(DEFAULT_TENANT, 'apr_old' as ApprovalId)).toMatchObject({
    prompt: 'push to main',
  })
  expect(await store.approvals.waiting(DEFAULT_TENANT, 5)).toMatchObject([{ id: 'apr_old' }])
  const record = decisionRecord({ id: 'dec_new', task: 'tsk_old' })
  expect(await store.journal.commit({ records: [record], changes: [] })).toBe('committed')
  expect((await store.records.head(DEFAULT_TENANT)).size).toBe(RECORDS + 1)
  const query = { tenant: DEFAULT_TENANT, human: 'ada', limit: 1000 }
  expect(await store.records.query(query)).toHaveLength(RECORDS + 1)
}

/** The proofs of before hold for it. */
export async function expectLedgerHolds(source: LedgerSource, publicKey: KeyObject): Promise<void> {
  const { findings, tenants } = await verifyLedger(source, { publicKey, expected: [DEFAULT_TENANT] })
  source.close()
  expect({ findings, records: tenants[0]?.records }).toEqual({ findings: [], records: RECORDS + 1 })
}
