import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'

import { saltSource } from '../../audit/seal.ts'
import { asRemitError, RemitError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { ChangeStatements, type ConditionalChange } from './apply-change.ts'
import type { CheckpointFiles } from '../checkpoint-files.ts'
import type { KeyHandover } from '../key-handover.ts'
import { LedgerRows, prepareLedger, type LedgerStatements } from './ledger-rows.ts'
import { MAX_TENANT_NUMBER } from './schema.ts'
import { FactSums } from './session-facts.ts'
import { TallySums } from './tally-sums.ts'
import { isStorageError } from './sqlite-error.ts'
import { TenantLedger } from '../tenant-ledger.ts'
import type {
  FactsOfTree,
  PackedTallies,
  UnitResult,
  WriterSettings,
  WrittenUnit,
} from './writer-messages.ts'

export interface Published {
  readonly tenant: string
  readonly note: string
}

export interface BatchOutcome {
  readonly results: readonly UnitResult[]
  readonly facts: readonly FactsOfTree[]
  readonly tallies: PackedTallies
  /** Checkpoints that became durable with the batch. */
  readonly signed: readonly Published[]
}

/** The sequencer: applies units in the order given, a batch of them in one durable transaction. */
export class LedgerWriter {
  readonly #db: DatabaseSync
  readonly #settings: WriterSettings
  readonly #files: CheckpointFiles
  readonly #begin: StatementSync
  readonly #commit: StatementSync
  readonly #statements: LedgerStatements
  readonly #changes: ChangeStatements
  readonly #facts: FactSums
  readonly #tallies: TallySums
  readonly #tenants = new Map<string, TenantLedger>()
  readonly #salt = saltSource()
  readonly #signingKey: KeyObject
  readonly #tenantKeys: ReadonlyMap<string, KeyObject>
  readonly #handover: KeyHandover | undefined
  readonly #id: string

  constructor(db: DatabaseSync, settings: WriterSettings, files: CheckpointFiles) {
    this.#db = db
    this.#settings = settings
    this.#files = files
    this.#begin = db.prepare('BEGIN IMMEDIATE')
    this.#commit = db.prepare('COMMIT')
    this.#statements = prepareLedger(db)
    this.#changes = new ChangeStatements(db)
    this.#facts = new FactSums(db)
    this.#tallies = new TallySums(db)
    this.#signingKey = readSigningKey(settings.signingKey)
    const own = Object.entries(settings.tenantKeys)
    this.#tenantKeys = new Map(own.map(([tenant, pem]) => [tenant, readSigningKey(pem)]))
    this.#handover = settings.handover && readHandover(settings.handover)
    this.#id = this.#inTransaction(() => writerId(db))
  }

  /** Checks the edge of every tenant's tree, in the database or known outside. @throws RemitError `ledger_broken`. */
  restoreAll(): void {
    const rows = this.#db.prepare('SELECT id FROM tenant ORDER BY number').all()
    const tenants = new Set([...rows.map((row) => String(row['id'])), ...this.#files.tenants()])
    this.#inTransaction(() => {
      for (const tenant of tenants) this.#ledger(tenant)
    })
  }

  /**
   * @throws what SQLite threw when the storage failed: then nothing of the batch is stored. A unit that fails
   *   for a reason of its own does not take the others with it.
   */
  apply(units: readonly WrittenUnit[], now: number): BatchOutcome {
    try {
      return this.#inTransaction(() => {
        const results = units.map((unit) => this.#applyUnit(unit))
        const facts = this.#facts.flush()
        const tallies = this.#tallies.flush()
        return { results, facts, tallies, signed: this.#sign(now, this.#settings.checkpointInterval) }
      })
    } catch (error) {
      if (isStorageError(error)) throw error
      const [unit, ...others] = units
      if (unit === undefined || others.length === 0)
        return { results: [failed(error)], facts: [], tallies: [], signed: [] }
      const outcomes = units.map((each) => this.apply([each], now))
      return {
        results: outcomes.flatMap((outcome) => outcome.results),
        facts: outcomes.flatMap((outcome) => outcome.facts),
        tallies: outcomes.flatMap((outcome) => outcome.tallies),
        signed: outcomes.flatMap((outcome) => outcome.signed),
      }
    }
  }

  /** Some tree has grown since its newest checkpoint. */
  get unsigned(): boolean {
    return this.#tenants.values().some((ledger) => ledger.unsigned)
  }

  /** Signs every tree that has grown and whose newest checkpoint is at least `interval` ms old. */
  signGrown(now: number, interval: number): readonly Published[] {
    const due = this.#tenants.values().some((ledger) => isDue(ledger, now, interval))
    return due ? this.#inTransaction(() => this.#sign(now, interval)) : []
  }

  #sign(now: number, interval: number): readonly Published[] {
    const signed: Published[] = []
    for (const ledger of this.#tenants.values()) {
      if (isDue(ledger, now, interval)) signed.push({ tenant: ledger.tenant, note: ledger.sign(now) })
    }
    return signed
  }

  #applyUnit(unit: WrittenUnit): UnitResult {
    const conditional: ConditionalChange[] = []
    for (const change of unit.changes) {
      if (change.kind === 'expect-standing') {
        if (this.#changes.standing.revision(change.tenant) !== change.revision) return 'conflict'
      } else if (change.kind === 'add-facts') {
        if (!this.#facts.admits(change)) return 'conflict'
      } else if (change.kind !== 'add-tally') conditional.push(change)
    }
    const tallies = this.#tallies.stage(unit.changes)
    if (tallies === undefined) return 'conflict'
    // A single change either applies or leaves no trace, so only several need a point to go back to.
    const undoable = conditional.length > 1
    if (undoable) this.#db.exec('SAVEPOINT unit')
    if (!conditional.every((change) => this.#changes.apply(change))) {
      if (undoable) {
        this.#db.exec('ROLLBACK TO unit; RELEASE unit')
        this.#changes.standing.clear()
      }
      return 'conflict'
    }
    if (undoable) this.#db.exec('RELEASE unit')
    for (const change of unit.changes) {
      if (change.kind === 'add-facts') this.#facts.add(change.tenant, change.root, change.add)
    }
    this.#tallies.keep(tallies)
    for (const record of unit.records) this.#ledger(record.tenant).append(record)
    return 'committed'
  }

  #ledger(tenant: string): TenantLedger {
    const known = this.#tenants.get(tenant)
    if (known) return known
    const ledger = new TenantLedger({
      tenant,
      rows: new LedgerRows(this.#statements, tenantNumber(this.#db, tenant)),
      signingKey: this.#tenantKeys.get(tenant) ?? this.#signingKey,
      handover: this.#handover?.tenant === tenant ? this.#handover : undefined,
      outside: this.#files.read(tenant),
      writer: this.#id,
      salt: this.#salt,
    })
    this.#tenants.set(tenant, ledger)
    return ledger
  }

  /** What the trees hold in memory is only true of a transaction that was committed. */
  #inTransaction<T>(work: () => T): T {
    this.#begin.run()
    try {
      const value = work()
      this.#commit.run()
      return value
    } catch (error) {
      this.#tenants.clear()
      this.#facts.clear()
      this.#tallies.clear()
      this.#changes.standing.clear()
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }
}

function isDue(ledger: TenantLedger, now: number, interval: number): boolean {
  return ledger.unsigned && Math.abs(now - ledger.signedAt) >= interval
}

function failed(error: unknown): UnitResult {
  const { code, message, detail } = asRemitError(error)
  return { code, message, ...(detail !== undefined && { detail }) }
}

function readHandover({ tenant, signAlso, accept }: NonNullable<WriterSettings['handover']>): KeyHandover {
  return {
    tenant,
    ...(signAlso === undefined ? {} : { signAlso: readSigningKey(signAlso) }),
    ...(accept === undefined ? {} : { accept: createPublicKey(accept) }),
  }
}

function readSigningKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch (error) {
    throw new RemitError('key_unusable', 'the ledger’s signing key cannot be read; give a PKCS #8 PEM', {
      cause: error,
    })
  }
  throw new RemitError('key_unusable', 'the ledger is signed with an Ed25519 key; give one')
}

/** The writer's name in records: the same for the life of the database, since one writer owns it. */
function writerId(db: DatabaseSync): string {
  const fresh = newId('wrt', randomBytes(16))
  db.prepare(`INSERT INTO meta (name, value) VALUES ('writer', ?) ON CONFLICT DO NOTHING`).run(fresh)
  return String(db.prepare(`SELECT value FROM meta WHERE name = 'writer'`).get()?.['value'])
}

function tenantNumber(db: DatabaseSync, tenant: string): number {
  const known = db.prepare('SELECT number FROM tenant WHERE id = ?').get(tenant)?.['number']
  if (typeof known === 'number') return known
  const last = db.prepare('SELECT max(number) AS last FROM tenant').get()?.['last']
  const number = typeof last === 'number' ? last + 1 : 0
  if (number > MAX_TENANT_NUMBER) throw new RangeError(`a database holds ${MAX_TENANT_NUMBER + 1} tenants`)
  db.prepare('INSERT INTO tenant (number, id) VALUES (?, ?)').run(number, tenant)
  return number
}
