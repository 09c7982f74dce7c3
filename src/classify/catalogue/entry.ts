import type { Action } from '../../core/actions.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import type { ArgumentKind } from '../argument-kinds.ts'
import type { ExtractionContext } from '../extract.ts'

/** One thing that a tool does to what one of its arguments names. */
export interface ToolEffect {
  /** Absent = to all that the server keeps. */
  readonly argument?: string
  /** Members of the argument’s items that hold the names, when the items are objects. */
  readonly members?: readonly string[]
  readonly kind: ArgumentKind
  readonly actions: readonly Action[]
  /** The tool works without this argument, and does nothing of the kind then. */
  readonly optional?: true
  /** What the tool takes when the argument is missing. */
  readonly fallback?: string
  /** Argument that holds the folder from which relative paths, and commands, start. */
  readonly folder?: string
}

/** What several arguments name together, as `owner`, `repo` and `branch` do. */
export interface DerivedEffect {
  /** Everything that `from` may produce. */
  readonly actions: readonly Action[]
  from(input: JsonObject, context: Omit<ExtractionContext, 'actions' | 'pointer'>): readonly Operation[]
}

export interface ToolEntry {
  readonly effects: readonly ToolEffect[]
  /** Effects beside those; the arguments that they read stand in `plain`. */
  readonly derived?: DerivedEffect
  /** Other arguments that the tool has, which name nothing. An argument in neither list is not understood. */
  readonly plain?: readonly string[]
  /** Those of `plain` that say to people what the call is for: the tool does the same whatever they hold. */
  readonly notes?: readonly string[]
  /** An administrator vouches for the tool as a whole: whatever its arguments, it does no more than `effects`. */
  readonly vouched?: true
  /** How the arguments say what the file at `path` would hold, so that an approver can be shown the change. */
  readonly edit?: 'whole-content' | 'replacements'
}

/** A server as its source says it is, not as its annotations claim. */
export type CatalogueEntry = ReadonlyMap<string, ToolEntry>
