import type { Action } from '../core/actions.ts'
import type { Operation } from '../core/operation.ts'
import type { ToolCall, ToolDefinition } from '../core/tool-call.ts'

/** What a call would do, and how sure the classifier is of having seen all of it. */
export interface Classification {
  /** Never empty: the first is the call itself (`tool.call` on its `Tool`, or its prompt, resource, …). */
  readonly operations: readonly Operation[]
  /** True when no catalogue entry or override described the tool. */
  readonly inferred: boolean
}

/** Where the paths of a call mean something. */
export interface ClassifyContext {
  /** Absolute path of the task's workspace; absent = relative paths cannot be placed and count as outside. */
  readonly workspace?: string
}

/** Pure but for reading links and directory entries. Never throws: what it cannot read becomes `opaque`. */
export interface Classifier {
  classify(call: ToolCall, context: ClassifyContext): Classification
  /** What a tool can lead to, for lists: every action that some argument could produce. */
  actionsOf(server: string, tool: Pick<ToolDefinition, 'name' | 'annotations'>): readonly Action[]
}
