import type { Action } from './actions.ts'
import type { Label } from './labels.ts'
import type { Resource } from './resource.ts'

/** Where in the call's arguments an operation came from, so that a prompt can point at it. */
export interface Origin {
  /** RFC 6901 JSON pointer into the arguments; `''` = the call as a whole. */
  readonly pointer: string
  /** Half-open range of UTF-16 code units in the string at `pointer`. */
  readonly span?: readonly [number, number]
}

/** Commits that an operation would give to others. What they change says its labels. */
export interface CommitRange {
  /** Folders of git: of the working tree, and the one that all working trees share. Absolute. */
  readonly gitDir: string
  readonly commonDir: string
  /** `HEAD`, a full ref or an object, perhaps with `~` and `^`. */
  readonly source: string
  /** Remote whose tracking refs say what is there already; absent = nothing is. */
  readonly remote?: string
}

/** One thing that a call would do. A call is one or more of them, and the strictest outcome wins. */
export interface Operation {
  readonly action: Action
  readonly resource: Resource
  readonly labels: readonly Label[]
  /** True = not fully understood; never treated as harmless. */
  readonly opaque: boolean
  readonly origin: Origin
  /** Still to be looked up; until then the operation is opaque. */
  readonly commits?: CommitRange
}

export function operationText(operation: Operation): string {
  return `${operation.action} ${operation.resource.type} ${operation.resource.id}`
}
