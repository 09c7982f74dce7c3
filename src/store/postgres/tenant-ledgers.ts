import { createPublicKey, type KeyObject } from 'node:crypto'
import type { PoolClient } from 'pg'
import { verifyCheckpoint } from '../../audit/checkpoint.ts'
import { NO_LEAF } from '../../audit/merkle-hash.ts'
import type { CheckpointFiles } from '../checkpoint-files.ts'
import type { KeyHandover } from '../key-handover.ts'
import { TenantLedger, type WriterPlace } from '../tenant-ledger.ts'
import { BufferedRows } from './buffered-rows.ts'
import { readTreeRows } from './read-tree-rows.ts'

/** A tenant's row, locked until the transaction ends: nobody else appends to its ledger meanwhile. */
export interface LockedTenant {
  readonly number: number
  readonly id: string
  readonly size: number
  /** Grows with everything that ends authority. */
  readonly revision: number
}

export interface OpenLedger {
  readonly number: number
  readonly ledger: TenantLedger
  readonly rows: BufferedRows
}

export interface LedgerOptions {
  readonly signingKey: KeyObject
  /** Those of tenants that have one of their own. */
  readonly tenantKeys?: ReadonlyMap<string, KeyObject>
  /** Present while the key of one of them is changed. */
  readonly handover?: KeyHandover
  readonly files: CheckpointFiles
  readonly salt: () => Uint8Array
}

/** The trees of tenants as far as this replica knows them; others append too, so each batch catches up first. */
export class TenantLedgers {
  readonly #options: LedgerOptions
  readonly #writer: string
  readonly #known = new Map<string, OpenLedger>()

  constructor(options: LedgerOptions, writer: string) {
    this.#options = options
    this.#writer = writer
  }

  known(): Iterable<OpenLedger> {
    return this.#known.values()
  }

  /** What is held in memory is only true of a transaction that was committed. */
  clear(): void {
    this.#known.clear()
  }

  /** The ledger as it stands in the database. @throws RemitError `ledger_broken`. */
  async at(client: PoolClient, tenant: LockedTenant): Promise<OpenLedger> {
    const known = this.#known.get(tenant.id)
    if (known !== undefined && known.ledger.size <= tenant.size) {
      if (known.ledger.size < tenant.size) {
        known.ledger.follow(await readLeaves(client, tenant, known.ledger.size))
      }
      return known
    }
    const opened = await this.#open(client, tenant)
    this.#known.set(tenant.id, opened)
    return opened
  }

  async #open(client: PoolClient, { number, id, size }: LockedTenant): Promise<OpenLedger> {
    const { files, salt, tenantKeys } = this.#options
    const handover = this.#options.handover?.tenant === id ? this.#options.handover : undefined
    const accepted = handover?.accept === undefined ? [] : [handover.accept]
    const signingKey = tenantKeys?.get(id) ?? this.#options.signingKey
    const outside = files.read(id)
    const newest = outside.findLast((entry) => entry.note !== undefined)?.note
    const check =
      newest === undefined ? undefined : verifyCheckpoint(newest, [createPublicKey(signingKey), ...accepted])
    const signed = check?.ok === true ? [check.head.size] : []
    const read = await readTreeRows(client, { tenant: number, size, outside: signed })
    const rows = new BufferedRows(read)
    const place = await readPlace(client, this.#writer, number)
    const ledger = new TenantLedger({
      tenant: id,
      rows,
      signingKey,
      handover,
      outside,
      writer: this.#writer,
      salt,
      place,
    })
    return { number, ledger, rows }
  }
}

async function readLeaves(
  client: PoolClient,
  { number, size }: LockedTenant,
  from: number,
): Promise<readonly Uint8Array[]> {
  const { rows } = await client.query<{ leaf: Buffer }>(
    'SELECT leaf FROM record WHERE tenant = $1 AND index >= $2 AND index < $3 ORDER BY index',
    [number, from, size],
  )
  if (rows.length !== size - from) throw new Error(`records from ${from} to ${size} are not all there`)
  return rows.map(({ leaf }) => leaf)
}

async function readPlace(client: PoolClient, writer: string, tenant: number): Promise<WriterPlace> {
  const { rows } = await client.query<WriterPlace>(
    'SELECT seq, prev FROM writer_place WHERE writer = $1 AND tenant = $2',
    [writer, tenant],
  )
  return rows[0] ?? { seq: 0, prev: NO_LEAF }
}
