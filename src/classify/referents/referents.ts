import type { Operation } from '../../core/operation.ts'
import type { ToolCall } from '../../core/tool-call.ts'
import type { StartedProgram } from './started-program.ts'

/** A call with what was read of it. */
export interface ReadCall {
  readonly call: ToolCall
  /** As they were decided about. */
  readonly operations: readonly Operation[]
  readonly programs: readonly StartedProgram[]
}

/** A file whose content decides what a call does. */
export interface NamedFile {
  /** As people know it: relative to the workspace inside it. */
  readonly name: string
  /** Absolute; links are not followed yet. */
  readonly path: string
  /** It is run, so that its text is what people agree to. */
  readonly runs: boolean
  /** It says what a program does without being named on its command line: a manifest. */
  readonly steers: boolean
}

export interface NamedCommit {
  /** A ref and its repository, for people. */
  readonly name: string
  /** Hexadecimal; undefined = it cannot be read. */
  readonly commit: string | undefined
}

/** What the arguments of a call stand for on this machine, by name: what lies there is looked at elsewhere. */
export interface Referents {
  /** Where the call starts, links followed; absent = there is no such folder here. */
  readonly folder?: string
  readonly files: readonly NamedFile[]
  readonly commits: readonly NamedCommit[]
  /** What can change between the question and the run without that anybody here sees it, in words. */
  readonly loose: readonly string[]
}
