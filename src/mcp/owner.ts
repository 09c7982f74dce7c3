import { canonicalJson } from '../core/canonical-json.ts'
import type { JsonObject } from '../core/json.ts'

/** Whose upstream sessions are used: no two tasks ever share one that is not declared shared. */
export interface Owner {
  /** The task's id. */
  readonly id: string
  /** Questions that the client declared; of these a legacy server is told, when its session begins, what it may use. */
  readonly capabilities: JsonObject
  /** One for each session: the task, and what was declared. */
  readonly key: string
}

const NONE: JsonObject = {}

export function plainOwner(task: string): Owner {
  return { id: task, capabilities: NONE, key: task }
}

/** The owner for a client that can be asked: with all that a server might ask. */
export function askableOwner(task: string, declared: JsonObject): Owner {
  const { elicitation, sampling, roots } = declared
  const capabilities = {
    ...(elicitation === undefined ? {} : { elicitation }),
    ...(sampling === undefined ? {} : { sampling }),
    ...(roots === undefined ? {} : { roots }),
  }
  if (Object.keys(capabilities).length === 0) return plainOwner(task)
  return { id: task, capabilities, key: `${task} ${canonicalJson(capabilities)}` }
}
