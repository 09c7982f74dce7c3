import type { Est } from './est.ts'
import type { ParseJob, ParseResult, PolicySource } from './parse-job.ts'
import type { Problem } from './problem.ts'

/** What the official engine is asked to do in its own thread, and what it answers. */
export interface PolicyWork {
  readonly parse: { readonly job: ParseJob; readonly result: ParseResult }
  /** Each file's text as the official formatter writes it; undefined and problems where it cannot be parsed. */
  readonly format: {
    readonly job: { readonly sources: readonly PolicySource[] }
    readonly result: {
      readonly texts: readonly (string | undefined)[]
      readonly problems: readonly Problem[]
    }
  }
  /** A file's policies as they are, neither linted nor validated. */
  readonly read: {
    readonly job: { readonly source: PolicySource }
    readonly result: { readonly policies: readonly Est[]; readonly problems: readonly Problem[] }
  }
  /** Policies as formatted Cedar text, in their order. */
  readonly print: { readonly job: { readonly policies: readonly Est[] }; readonly result: string }
}

export type WorkKind = keyof PolicyWork
