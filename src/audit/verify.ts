import type { KeyObject } from 'node:crypto'

import type { OutsideCheckpoint } from './checkpoint-log.ts'
import type { TreeHead } from './checkpoint.ts'
import { readKeyChain, type KeyChain } from './key-chain.ts'
import type { LedgerRow, LedgerSource, TileRows } from './ledger-source.ts'
import { sameBytes } from './merkle-hash.ts'
import { startSince } from './since.ts'
import { hashInTile, TiledTree, TILE_BYTES, TILE_WIDTH, type Tile } from './tiles.ts'
import { ErasureChecks, type VerifiedErasure } from './verify-erasures.ts'
import { Findings, type Finding } from './verify-findings.ts'
import { HeadChecks } from './verify-heads.ts'
import { RecordChecks, type Complain } from './verify-record.ts'
import type { Silence } from './writer-silences.ts'

export interface VerifyOptions {
  /** Ed25519 key that checkpoints must be signed with. */
  readonly publicKey: KeyObject
  /** The key of a tenant that has one of its own; undefined = it has none. */
  readonly tenantKey?: (tenant: string) => KeyObject | undefined
  /** Keys that are trusted beside it: where the ledger changed keys without the old one’s word. */
  readonly alsoTrusted?: readonly KeyObject[]
  /** A checkpoint from which on a tenant’s ledger is looked at; its signature was checked. Absent = all of it. */
  readonly since?: (tenant: string) => TreeHead | undefined
  /** Milliseconds since the epoch, for a ledger that a gateway may be writing to; absent = it is a copy. */
  readonly now?: number
  /** The copy of a tenant's checkpoints that lies outside the database; absent or empty = there is none. */
  readonly outsideCheckpoints?: (tenant: string) => readonly OutsideCheckpoint[]
  /** Tenants that must be there: without them nobody would miss a ledger that was removed whole. */
  readonly expected?: readonly string[]
}

interface TenantReport {
  readonly tenant: string
  readonly records: number
  /** Checkpoints whose signature and root hold. */
  readonly checkpoints: number
  /** Records that no checkpoint covers yet: only their own hashes speak for them. */
  readonly unsigned: number
  /** Checkpoints outside the database that were compared. */
  readonly outside: number
  /** The first record that was looked at; those before it are as a trusted checkpoint signed them. */
  readonly from: number
  /** How often another key took over. */
  readonly keyChanges: number
  /** Times in which a gateway that had not stopped recorded nothing. */
  readonly silences: readonly Silence[]
  readonly cautions: readonly string[]
  /** What was destroyed by order, as records say; proofs hold all the same. */
  readonly erasures: readonly VerifiedErasure[]
}

export interface VerifyReport {
  readonly ok: boolean
  readonly tenants: readonly TenantReport[]
  readonly findings: readonly Finding[]
  /** Findings beyond those listed. */
  readonly more: number
  /** What this verification could not have seen. */
  readonly cautions: readonly string[]
}

/**
 * Recomputes a whole ledger and compares it with everything that is said about it: leaves, writers' counters
 * and previous leaves, commitments to content, tiles, signed checkpoints and their copy outside. Never throws
 * for what is wrong with the ledger; each thing wrong is a finding with its place.
 */
export async function verifyLedger(source: LedgerSource, options: VerifyOptions): Promise<VerifyReport> {
  const findings = new Findings()
  const tenants: TenantReport[] = []
  try {
    const names = new Set(options.expected)
    for await (const tenant of source.tenants()) names.add(tenant)
    // INVARIANT: the copy outside is read before the ledger, or a gateway that goes on meanwhile would have
    // signed there for records that are not seen here.
    const copies = [...names].map((tenant) => [tenant, options.outsideCheckpoints?.(tenant) ?? []] as const)
    for await (const text of source.damage()) findings.add({ kind: 'damage', text })
    for (const [tenant, outside] of copies) {
      tenants.push(await verifyTenant({ source, tenant, options, findings, outside }))
    }
  } catch (error) {
    findings.add({ kind: 'unreadable', text: `the ledger cannot be read: ${messageOf(error)}` })
  }
  const { list, more } = findings
  return { ok: list.length === 0, tenants, findings: list, more, cautions: cautionsFor(tenants) }
}

/** Silences told one by one. */
const MOST_TOLD = 10

function cautionsFor(tenants: readonly TenantReport[]): string[] {
  return tenants.flatMap(({ tenant, outside, unsigned, from, silences, cautions }) => [
    ...cautions,
    ...silences.slice(0, MOST_TOLD).map(({ after, from: since, until }) => {
      const when = until === undefined ? `since ${since}` : `from ${since} to ${until}`
      return `\`${tenant}\` has nothing on record ${when}, after record ${after}, though the gateway had not stopped`
    }),
    ...(silences.length > MOST_TOLD
      ? [`\`${tenant}\` was silent ${silences.length - MOST_TOLD} times more`]
      : []),
    ...(outside > 0 || from > 0
      ? []
      : [
          `\`${tenant}\` was compared with no copy of its checkpoints outside: whoever holds database and signing key could have rewritten all of it`,
        ]),
    ...(unsigned > 0
      ? [`the last ${unsigned} records of \`${tenant}\` are not covered by a checkpoint yet`]
      : []),
  ])
}

interface VerificationParts {
  readonly source: LedgerSource
  readonly tenant: string
  readonly options: VerifyOptions
  readonly findings: Findings
  readonly outside: readonly OutsideCheckpoint[]
}

interface StartedParts extends VerificationParts {
  readonly keys: KeyChain
  readonly since: TreeHead | undefined
}

async function verifyTenant(parts: VerificationParts): Promise<TenantReport> {
  const { source, tenant, options, findings } = parts
  const trusted = [options.tenantKey?.(tenant) ?? options.publicKey, ...(options.alsoTrusted ?? [])]
  const keys = await readKeyChain(source, tenant, trusted)
  for (const { index, text } of keys.broken) findings.add({ kind: 'key', tenant, index, text })
  return new TenantVerification({ ...parts, keys, since: options.since?.(tenant) }).run()
}

class TenantVerification {
  readonly #parts: StartedParts
  readonly #tiles: TileRows | undefined
  readonly #heads: HeadChecks
  readonly #records: RecordChecks
  readonly #erasures = new ErasureChecks()
  readonly #fullTiles: Tile[] = []
  #tree = new TiledTree((tile) => this.#fullTiles.push(tile))
  /** The next place. */
  #index: number
  /** False after a place whose leaf nothing tells: from there on no root can be computed. */
  #whole = true
  #openTile: { readonly index: number; readonly hashes: Uint8Array | undefined } | undefined

  constructor(parts: StartedParts) {
    const { source, tenant, findings, keys, since } = parts
    this.#parts = parts
    this.#index = since?.size ?? 0
    this.#tiles = source.tiles?.(tenant)
    this.#heads = new HeadChecks(tenant, { keys, from: this.#index, findings })
    this.#records = new RecordChecks(tenant, this.#erasures, since !== undefined)
  }

  async run(): Promise<TenantReport> {
    const { source, tenant, outside, since, keys, options } = this.#parts
    const from = this.#index
    try {
      if (since !== undefined) await this.#start(since)
      await this.#heads.start(source.checkpoints(tenant), outside)
      await this.#heads.atSize(from, () => (this.#whole ? this.#tree.root() : undefined))
      // One behind: which of two halves of a record was changed can depend on what the next one says of it.
      let held: LedgerRow | undefined
      for await (const row of source.records(tenant, from)) {
        if (held) await this.#place(held, row)
        held = row
      }
      if (held) await this.#place(held)
      this.#erasures.end(tenant, this.#parts.findings)
      await this.#heads.end(this.#index)
      await this.#checkStrayTiles()
    } catch (error) {
      this.#add('unreadable', this.#index, `record ${this.#index}: cannot be read: ${messageOf(error)}`)
    }
    const { good, signedSize } = this.#heads
    const { silences, unknown } = this.#records
    if (options.now !== undefined) silences.end(options.now)
    const strangers = [...unknown].map(
      (id) =>
        `nothing of writer ${id} was found shortly before record ${from}: whether its first one there follows its last is not known`,
    )
    return {
      tenant,
      records: this.#index - from,
      from,
      checkpoints: good,
      unsigned: this.#index - signedSize,
      outside: outside.length,
      keyChanges: keys.changes,
      silences: silences.found,
      erasures: this.#erasures.erasures,
      cautions: [...keys.cautions.map(({ text }) => text), ...strangers],
    }
  }

  async #start(since: TreeHead): Promise<void> {
    const onTile = (tile: Tile): void => {
      this.#fullTiles.push(tile)
    }
    const { tree } = await startSince({ ...this.#parts, since, onTile }, this.#records)
    // What became full before the start is trusted.
    this.#fullTiles.length = 0
    if (tree !== undefined) {
      this.#tree = tree
      return
    }
    this.#whole = false
    this.#add(
      'outside',
      since.size,
      `the trusted checkpoint of ${since.size}: a record before it is missing or not the one that was signed`,
    )
  }

  async #place(row: LedgerRow, next?: LedgerRow): Promise<void> {
    const complain: Complain = (kind, what) => this.#add(kind, row.index, `record ${row.index}: ${what}`)
    const { body, leaf } = row
    if (body === undefined || leaf === undefined) return complain('content', 'is gone but for its content')
    if (row.index < this.#index) {
      this.#add('order', row.index, `record ${row.index}: stands after record ${this.#index - 1}`)
      return
    }
    if (this.#index < row.index) await this.#skipTo(row.index)
    const around = { tiled: await this.#tiledLeaf(), next }
    await this.#append(this.#records.check({ ...row, body, leaf }, around, complain))
  }

  async #skipTo(index: number): Promise<void> {
    const last = index - 1
    const which = last === this.#index ? `record ${last}: is` : `records ${this.#index} to ${last}: are`
    this.#add('missing', this.#index, `${which} missing`)
    this.#records.skipped()
    while (this.#index < index) {
      const leaf = await this.#tiledLeaf()
      if (leaf === undefined) {
        this.#whole = false
        this.#index = last
      }
      await this.#append(leaf)
    }
  }

  async #append(leaf: Uint8Array | undefined): Promise<void> {
    this.#index += 1
    if (leaf !== undefined && this.#whole) this.#tree.append(leaf)
    for (const tile of this.#fullTiles.splice(0)) await this.#checkTile(tile)
    await this.#heads.atSize(this.#index, () => (this.#whole ? this.#tree.root() : undefined))
  }

  /** What the full tile over the next place, if there is one, has for it. */
  async #tiledLeaf(): Promise<Uint8Array | undefined> {
    const index = Math.floor(this.#index / TILE_WIDTH)
    if (this.#openTile?.index !== index) {
      const tile = await this.#tiles?.get({ level: 0, index })
      this.#openTile = { index, hashes: tile?.length === TILE_BYTES ? tile : undefined }
    }
    const { hashes } = this.#openTile
    return hashes && hashInTile(hashes, this.#index % TILE_WIDTH)
  }

  async #checkTile(tile: Tile): Promise<void> {
    if (this.#tiles === undefined) return
    const { level, index } = tile
    const span = TILE_WIDTH ** level
    const first = index * TILE_WIDTH * span
    const stored = await this.#tiles.get(tile)
    if (stored?.length !== TILE_BYTES) {
      const what = stored === undefined ? 'is missing' : `has ${stored.length} bytes`
      this.#add('tile', first, `tile ${level}/${index}, which covers records from ${first}: ${what}`)
      return
    }
    for (let i = 0; i < TILE_WIDTH; i++) {
      if (sameBytes(hashInTile(stored, i), hashInTile(tile.hashes, i))) continue
      const record = first + i * span
      this.#add('tile', record, `tile ${level}/${index}: hash ${i} is not that of record ${record}`)
    }
  }

  async #checkStrayTiles(): Promise<void> {
    if (this.#tiles === undefined) return
    for await (const { level, index } of this.#tiles.keys()) {
      const first = index * TILE_WIDTH ** (level + 1)
      if (level >= 0 && first >= 0 && first + TILE_WIDTH ** (level + 1) <= this.#index) continue
      this.#add('tile', first, `tile ${level}/${index}: the ledger has no records for it`)
    }
  }

  #add(kind: Finding['kind'], index: number, text: string): void {
    this.#parts.findings.add({ kind, tenant: this.#parts.tenant, index, text })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
