import type { PoolClient } from 'pg'
import type { CommitResult } from '../../audit/journal.ts'
import type { SerialisedRecord } from '../../audit/serialise-record.ts'
import type { Change } from '../../core/change.ts'
import { applyChanges } from './apply-changes.ts'
import type { ConditionalChange } from './change-statements.ts'
import { FactSums } from './fact-sums.ts'
import { insertRows } from './insert-rows.ts'
import { Revisions } from './revisions.ts'
import type { LockedTenant, OpenLedger, TenantLedgers } from './tenant-ledgers.ts'

export interface WrittenUnit {
  readonly records: readonly SerialisedRecord[]
  readonly changes: readonly Change[]
}

export interface Published {
  readonly tenant: string
  readonly note: string
}

export interface WrittenBatch {
  readonly results: readonly CommitResult[]
  /** Checkpoints that became durable with the batch. */
  readonly signed: readonly Published[]
  /** Of the tenants that were locked: how much has ended authority there. */
  readonly revisions: ReadonlyMap<string, number>
}

export interface Writer {
  readonly id: string
  readonly ledgers: TenantLedgers
  /** Milliseconds between two checkpoints while a ledger grows. */
  readonly checkpointInterval: number
  /** Tenants that are looked at although no unit names them. */
  readonly also?: readonly string[]
}

/**
 * Units in the order given, in one durable transaction. The tenants' rows are locked first and in one order, so that
 * replicas take turns and never wait for one another crosswise.
 * @throws what PostgreSQL threw: then nothing of the batch is stored, or whether it is cannot be known.
 */
export async function writeBatch(
  client: PoolClient,
  units: readonly WrittenUnit[],
  writer: Writer,
): Promise<WrittenBatch> {
  await client.query('BEGIN')
  try {
    const written = await writeUnits(client, units, writer)
    await client.query('COMMIT')
    return written
  } catch (error) {
    writer.ledgers.clear()
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

async function writeUnits(
  client: PoolClient,
  units: readonly WrittenUnit[],
  { id, ledgers, checkpointInterval, also = [] }: Writer,
): Promise<WrittenBatch> {
  const open = new Map<string, OpenLedger>()
  const tenants = await lockTenants(client, tenantsOf(units, also))
  for (const tenant of tenants) open.set(tenant.id, await ledgers.at(client, tenant))
  const facts = new FactSums()
  const revisions = new Revisions(tenants)
  await facts.load(
    client,
    units.flatMap(({ changes }) => changes),
  )
  const results: CommitResult[] = []
  for (const unit of units) {
    const applied = await applyUnit(client, unit.changes, { facts, revisions })
    results.push(applied ? 'committed' : 'conflict')
    if (applied) for (const record of unit.records) open.get(record.tenant)?.ledger.append(record)
  }
  const signed: Published[] = []
  const now = Date.now()
  for (const each of open.values()) {
    const { ledger } = each
    if (ledger.unsigned && Math.abs(now - ledger.signedAt) >= checkpointInterval) {
      signed.push({ tenant: ledger.tenant, note: ledger.sign(now) })
    }
    await insertRows(client, each, id)
  }
  await facts.write(client)
  await revisions.write(client)
  return { results, signed, revisions: revisions.all() }
}

/** What only compares goes first, so that a conflict there has nothing to take back. */
async function applyUnit(
  client: PoolClient,
  changes: readonly Change[],
  { facts, revisions }: { readonly facts: FactSums; readonly revisions: Revisions },
): Promise<boolean> {
  for (const change of changes) {
    if (change.kind === 'expect-standing' && !revisions.admits(change)) return false
    if (change.kind === 'add-facts' && !facts.admits(change)) return false
  }
  if (!(await applyChanges(client, changes.filter(isConditional)))) return false
  for (const change of changes) {
    if (change.kind === 'add-facts') facts.add(change)
    else revisions.follow(change)
  }
  return true
}

function isConditional(change: Change): change is ConditionalChange {
  return !['add-facts', 'expect-standing', 'advance-standing'].includes(change.kind)
}

function tenantsOf(units: readonly WrittenUnit[], also: readonly string[]): readonly string[] {
  const named = units.flatMap(({ records, changes }) => [
    ...records.map(({ tenant }) => tenant),
    ...changes.map(tenantOf),
  ])
  return [...new Set([...named, ...also])].toSorted()
}

function tenantOf(change: Change): string {
  if ('task' in change && typeof change.task === 'object') return change.task.tenant
  if ('approval' in change) return change.approval.tenant
  if ('pin' in change) return change.pin.tenant
  if ('grant' in change && typeof change.grant === 'object') return change.grant.tenant
  if ('halt' in change) return change.halt.tenant
  if ('hold' in change) return change.hold.tenant
  return 'tenant' in change ? change.tenant : ''
}

async function lockTenants(client: PoolClient, ids: readonly string[]): Promise<readonly LockedTenant[]> {
  if (ids.length === 0) return []
  const lock = 'SELECT number, id, size, revision FROM tenant WHERE id = ANY($1) ORDER BY id FOR UPDATE'
  const { rows } = await client.query<LockedTenant>(lock, [ids])
  if (rows.length === ids.length) return rows
  await client.query('INSERT INTO tenant (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [ids])
  return (await client.query<LockedTenant>(lock, [ids])).rows
}
