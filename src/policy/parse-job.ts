import type { Est } from './est.ts'
import type { Problem } from './problem.ts'

/** A policy file, or a text that takes the place of one. */
export interface PolicySource {
  /** As messages name it. */
  readonly file: string
  readonly text: string
  /** Given = this is a links file, and these are the policy files whose templates it may link. */
  readonly templates?: readonly PolicySource[]
}

export interface ParsedPolicy {
  readonly id: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly est: Est
  /** It has slots, and stands for nothing until links fill them. */
  readonly template?: true
  /** Id of the template that it was made from. */
  readonly linkOf?: string
}

/** What of the schema is needed after loading. */
export interface ParsedSchema {
  /** Resource types that each action applies to. */
  readonly resourceTypes: { readonly [action: string]: readonly string[] }
}

/** What the worker is asked. */
export interface ParseJob {
  readonly sources: readonly PolicySource[]
  readonly schema: PolicySource
  /** What was made of the schema before; absent = it is parsed now, a third of the work for a small pack. */
  readonly knownSchema?: ParsedSchema
}

export interface ParseResult {
  readonly schema: ParsedSchema | undefined
  /** Policies of each source, in their order there; undefined where the source has a problem. */
  readonly policies: readonly (readonly ParsedPolicy[] | undefined)[]
  readonly problems: readonly Problem[]
}
