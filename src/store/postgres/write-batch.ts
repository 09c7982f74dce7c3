import type { PoolClient } from 'pg'
import type { CommitResult } from '../../audit/journal.ts'
import type { SerialisedRecord } from '../../audit/serialise-record.ts'
import type { Change } from '../../core/change.ts'
import { NO_HISTORY, type SessionFacts } from '../../core/facts.ts'
import { joinFacts } from '../join-facts.ts'
import { applyChanges } from './apply-changes.ts'
import type { ConditionalChange } from './change-statements.ts'
import { insertRows } from './insert-rows.ts'
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
  for (const tenant of await lockTenants(client, tenantsOf(units, also))) {
    open.set(tenant.id, await ledgers.at(client, tenant))
  }
  const sums = new Map<string, { tenant: string; root: string; facts: SessionFacts }>()
  const results: CommitResult[] = []
  for (const unit of units) {
    const applied = await applyChanges(client, unit.changes.filter(isConditional))
    results.push(applied ? 'committed' : 'conflict')
    if (!applied) continue
    for (const change of unit.changes) if (change.kind === 'add-facts') addFacts(sums, change)
    for (const record of unit.records) open.get(record.tenant)?.ledger.append(record)
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
  for (const sum of sums.values()) await writeFacts(client, sum)
  return { results, signed }
}

function isConditional(change: Change): change is ConditionalChange {
  return change.kind !== 'add-facts'
}

function tenantsOf(units: readonly WrittenUnit[], also: readonly string[]): readonly string[] {
  const named = units.flatMap(({ records }) => records.map(({ tenant }) => tenant))
  return [...new Set([...named, ...also])].toSorted()
}

async function lockTenants(client: PoolClient, ids: readonly string[]): Promise<readonly LockedTenant[]> {
  if (ids.length === 0) return []
  const lock = 'SELECT number, id, size FROM tenant WHERE id = ANY($1) ORDER BY id FOR UPDATE'
  const { rows } = await client.query<LockedTenant>(lock, [ids])
  if (rows.length === ids.length) return rows
  await client.query('INSERT INTO tenant (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [ids])
  return (await client.query<LockedTenant>(lock, [ids])).rows
}

function addFacts(
  sums: Map<string, { tenant: string; root: string; facts: SessionFacts }>,
  { tenant, root, add }: Extract<Change, { kind: 'add-facts' }>,
): void {
  const key = `${tenant}\n${root}`
  sums.set(key, { tenant, root, facts: joinFacts(sums.get(key)?.facts ?? NO_HISTORY, add) })
}

async function writeFacts(
  client: PoolClient,
  { tenant, root, facts }: { readonly tenant: string; readonly root: string; readonly facts: SessionFacts },
): Promise<void> {
  const { calls, writes, denials, consents, errors, labels } = facts
  await client.query(
    `INSERT INTO session_facts AS known (tenant, root, calls, writes, denials, consents, errors, labels)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (tenant, root) DO UPDATE SET
       calls = known.calls + excluded.calls, writes = known.writes + excluded.writes,
       denials = known.denials + excluded.denials, consents = known.consents + excluded.consents,
       errors = known.errors + excluded.errors,
       labels = ARRAY(SELECT DISTINCT unnest(known.labels || excluded.labels) ORDER BY 1)`,
    [tenant, root, calls, writes, denials, consents, errors, labels],
  )
}
