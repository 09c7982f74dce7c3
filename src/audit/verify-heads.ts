import type { OutsideCheckpoint } from './checkpoint-log.ts'
import { checkpointOrigin, verifyCheckpoint, type CheckpointCheck, type TreeHead } from './checkpoint.ts'
import type { KeyChain } from './key-chain.ts'
import type { CheckpointRow, Rows } from './ledger-source.ts'
import { sameBytes } from './merkle-hash.ts'
import { sameKey } from './verifier-key.ts'
import type { Finding, Findings } from './verify-findings.ts'

const REASONS = {
  malformed: 'is not a signed note',
  'foreign-key': 'is signed with another key',
  'bad-signature': 'has a signature that does not fit',
} as const satisfies Record<Extract<CheckpointCheck, { ok: false }>['reason'], string>

interface HeadClaim extends TreeHead {
  readonly place: 'checkpoint' | 'outside'
  readonly name: string
}

/** Compares signed tree heads with the tree while it is rebuilt. */
export class HeadChecks {
  readonly #tenant: string
  readonly #keys: KeyChain
  /** Checkpoints before this size are left out. */
  readonly #from: number
  readonly #findings: Findings
  readonly #outside: HeadClaim[] = []
  #stored: AsyncIterator<CheckpointRow>
  #next: HeadClaim | undefined
  /** Checkpoints in the ledger whose signature and root hold. */
  good = 0
  /** Size of the largest of them. */
  signedSize = 0

  constructor(
    tenant: string,
    options: { readonly keys: KeyChain; readonly from: number; readonly findings: Findings },
  ) {
    this.#tenant = tenant
    this.#keys = options.keys
    this.#from = options.from
    this.signedSize = options.from
    this.#findings = options.findings
    this.#stored = asyncIterator([])
  }

  async start(stored: Rows<CheckpointRow>, outside: readonly OutsideCheckpoint[]): Promise<void> {
    this.#stored = asyncIterator(stored)
    for (const { line, note } of outside) {
      const name = `line ${line} of the checkpoints outside`
      if (note === undefined) this.#complain('outside', undefined, `${name} cannot be read`)
      const claim = note === undefined ? undefined : this.#read(note, { place: 'outside', name })
      if (claim && claim.size >= this.#from) this.#outside.push(claim)
    }
    this.#outside.sort((a, b) => b.size - a.size)
    await this.#advance()
  }

  /** @param root of the tree as it is now; asked for only when a head speaks of this size. */
  async atSize(size: number, root: () => Uint8Array | undefined): Promise<void> {
    while (this.#next !== undefined && this.#next.size <= size) {
      this.#compare(this.#next, root)
      await this.#advance()
    }
    for (let last = this.#outside.at(-1); last && last.size <= size; last = this.#outside.at(-1)) {
      this.#compare(last, root)
      this.#outside.pop()
    }
  }

  /** Heads that speak of more records than there are. */
  async end(size: number): Promise<void> {
    for (; this.#next !== undefined; await this.#advance()) this.#tooLarge(this.#next, 'truncated', size)
    for (const claim of this.#outside) this.#tooLarge(claim, 'outside', size)
  }

  #tooLarge(claim: HeadClaim, kind: Finding['kind'], size: number): void {
    const text = `${claim.name}: signed for ${claim.size} records, and there are ${size}: records from ${size} on were removed`
    this.#complain(kind, claim.size, text)
  }

  #compare(claim: HeadClaim, root: () => Uint8Array | undefined): void {
    const actual = root()
    if (actual === undefined) return
    if (sameBytes(actual, claim.root)) {
      if (claim.place === 'outside') return
      this.good += 1
      this.signedSize = claim.size
      return
    }
    const text = `${claim.name}: a record before ${claim.size} is not the one that was signed`
    this.#complain(claim.place, claim.size, text)
  }

  async #advance(): Promise<void> {
    this.#next = undefined
    while (this.#next === undefined) {
      const step = await this.#stored.next()
      if (step.done === true) return
      const { size, note } = step.value
      if (size < this.#from) continue
      const claim = this.#read(note, { place: 'checkpoint', name: `checkpoint ${size}`, size })
      if (claim !== undefined && claim.size !== size) {
        this.#complain('checkpoint', size, `checkpoint ${size}: its note speaks of ${claim.size}`)
      } else {
        this.#next = claim
      }
    }
  }

  #read(note: string, filed: Pick<HeadClaim, 'place' | 'name'> & { size?: number }): HeadClaim | undefined {
    const { place, name } = filed
    const check = verifyCheckpoint(note, this.#keys.keys)
    const why = check.ok ? this.#whyNot(check, place) : REASONS[check.reason]
    if (check.ok && why === undefined) return { ...check.head, place, name }
    this.#complain(place, filed.size, `${name} ${why}`)
    return undefined
  }

  #whyNot(check: Extract<CheckpointCheck, { ok: true }>, place: HeadClaim['place']): string | undefined {
    const { head, by, strange, others } = check
    if (head.origin !== checkpointOrigin(this.#tenant)) return 'is of another ledger'
    const due = this.#keys.at(head.size)
    if (due === undefined || !by.some((key) => sameKey(key, due)))
      return 'is not signed with the key of its time'
    if (strange) return 'is signed with another key as well'
    // What the gateway files is what it signed; only copies outside gather the lines of witnesses.
    return place === 'checkpoint' && others > 0 ? REASONS.malformed : undefined
  }

  #complain(kind: Finding['kind'], index: number | undefined, text: string): void {
    this.#findings.add({ kind, tenant: this.#tenant, text, ...(index !== undefined && { index }) })
  }
}

async function* asyncIterator<T>(rows: Rows<T>): AsyncGenerator<T> {
  yield* rows
}
