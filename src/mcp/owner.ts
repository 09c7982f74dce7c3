import { canonicalJson } from '../core/canonical-json.ts'
import type { JsonObject } from '../core/json.ts'

/** Whose upstream sessions are used: no two tasks ever share one that is not declared shared. */
export interface Owner {
  /** The task's id. */
  readonly id: string
  /** What a legacy server is told when the session begins. */
  readonly capabilities: JsonObject
  /** One for each session: the task, and what was declared. */
  readonly key: string
}

const NONE: JsonObject = {}

export function plainOwner(task: string): Owner {
  return { id: task, capabilities: NONE, key: task }
}

/** The owner for a client that can be asked on the stream of its own requests. */
export function askableOwner(task: string, declared: JsonObject): Owner {
  const { elicitation } = declared
  if (elicitation === undefined) return plainOwner(task)
  const capabilities = { elicitation }
  return { id: task, capabilities, key: `${task} ${canonicalJson(capabilities)}` }
}
