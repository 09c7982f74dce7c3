import type { CommitResult } from '../../audit/journal.ts'
import type { SerialisedRecord } from '../../audit/serialise-record.ts'
import type { Change } from '../../core/change.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import type { SessionFacts } from '../../core/facts.ts'
import type { LogLevel } from '../../core/log.ts'
import type { PackedUnits } from './pack-units.ts'

/** A unit of work on its way to the writer: its records already text. */
export interface WrittenUnit {
  readonly records: readonly SerialisedRecord[]
  readonly changes: readonly Change[]
}

/** An error as it crosses threads. */
interface WrittenError {
  readonly code: ErrorCode
  readonly message: string
  readonly detail?: string
}

/** An error = this unit alone could not be applied; nothing of it is stored. */
export type UnitResult = CommitResult | WrittenError

/** What a batch made of the facts of one delegation tree. */
export interface FactsOfTree {
  readonly tenant: string
  readonly root: string
  readonly facts: SessionFacts
}

/** What a batch made of tallies, as one flat list: for each its key, its count and its mark. */
export type PackedTallies = readonly (string | number)[]

/** By which one tally is known on both threads. */
export function tallyKey(tenant: string, root: string, what: string): string {
  return `${tenant}\n${root}\n${what}`
}

/** What the writer is told when it starts. */
export interface WriterSettings {
  readonly file: string
  /** Folder of the append-only files `checkpoints-<tenant>.log`; absent = none are written. */
  readonly checkpointFolder?: string
  /** PKCS #8 PEM of an Ed25519 key. */
  readonly signingKey: string
  /** The same by tenant, for those that have one of their own. */
  readonly tenantKeys: Readonly<Record<string, string>>
  /** The same of a key that another takes the place of. */
  readonly handover?: { readonly tenant: string; readonly signAlso?: string; readonly accept?: string }
  /** Milliseconds between two checkpoints of one tenant while it grows. */
  readonly checkpointInterval: number
  readonly maxPages?: number
}

export type ToWriter = { readonly kind: 'batch'; readonly units: PackedUnits } | { readonly kind: 'close' }

export type FromWriter =
  | { readonly kind: 'ready' }
  /** The writer cannot start, and says why. */
  | ({ readonly kind: 'refused' } & WrittenError)
  /** One result for each unit of the batch, in order; all durable. */
  | {
      readonly kind: 'results'
      readonly results: readonly UnitResult[]
      readonly facts: readonly FactsOfTree[]
      readonly tallies: PackedTallies
    }
  /** Nothing of the batch is stored, and nothing can be until `available`. */
  | { readonly kind: 'unavailable'; readonly detail: string }
  | { readonly kind: 'available' }
  | {
      readonly kind: 'log'
      readonly level: LogLevel
      readonly event: string
      readonly fields: { readonly [field: string]: string | number }
    }
  | { readonly kind: 'closed' }
