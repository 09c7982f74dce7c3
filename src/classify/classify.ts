import type { Action } from '../core/actions.ts'
import type { Operation } from '../core/operation.ts'
import type { ToolCall } from '../core/tool-call.ts'
import type { TypedFacts } from '../core/typed-facts.ts'
import type { DescribedTool } from './inference/infer-tool.ts'
import type { Referents } from './referents/referents.ts'
import type { JsonSearch } from './secrets/secret-scanner.ts'

/** What a call would do, and how sure the classifier is of having seen all of it. */
export interface Classification {
  /** Never empty: the first is the call itself (`tool.call` on its `Tool`, or its prompt, resource, …). */
  readonly operations: readonly Operation[]
  /** True when no catalogue entry or override described the tool. */
  readonly inferred: boolean
  /** Names of arguments that only describe the call to people; absent = none. */
  readonly notes?: readonly string[]
  /** What the configuration says that arguments of this tool are; absent = it says nothing. */
  readonly typed?: TypedFacts
  /** Secrets in the arguments. */
  readonly secrets: JsonSearch
}

/** Where the paths of a call mean something. */
export interface ClassifyContext {
  /** Absolute path of the task's workspace; absent = relative paths cannot be placed and count as outside. */
  readonly workspace?: string
  /** Root of the task’s tree: the secrets that it has met are known by their value. */
  readonly tree?: string
}

/** Text of one file, now and as the call would leave it; `before` is empty for a file that is not there yet. */
export interface EditPreview {
  readonly before: string
  readonly after: string
}

/** Pure but for reading links and directory entries. Never throws: what it cannot read becomes `opaque`. */
export interface Classifier {
  classify(call: ToolCall, context: ClassifyContext): Classification
  /**
   * The same with what takes time to look up: labels of what pushed commits change. A promise only when there is
   * anything to look up; never rejects. What could not be had stays opaque.
   */
  complete(found: Classification): Classification | Promise<Classification>
  /**
   * What a file edit would make of the file, for an approver to see. `undefined` for anything else, and where it
   * cannot be told for sure: a remote, binary or large file, a replacement that matches nothing.
   */
  previewEdit(call: ToolCall, context: ClassifyContext): EditPreview | undefined
  /**
   * What the arguments of a call stand for, by name: files that it changes or runs, commits, and what nobody can hold
   * still. Walks the call once more, so only for calls about which people are asked.
   * @param operations as they were decided about.
   */
  referents(call: ToolCall, context: ClassifyContext, operations: readonly Operation[]): Referents
  /** What a tool can lead to, for lists: every action that some argument could produce, inferred where nothing says. */
  actionsOf(server: string, tool: DescribedTool): readonly Action[]
  /**
   * Another object whenever `actionsOf` may answer otherwise than before for any reason but a review. Absent = its
   * answers must not be remembered.
   */
  readonly edition?: object | undefined
  /** Configuration, a review or the catalogue says what the tool does; else its own words do. */
  isDescribed(server: string, tool: string): boolean
}
