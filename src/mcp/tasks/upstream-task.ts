import type { JsonObject } from '../../core/json.ts'
import type { SeenTask } from './task-shape.ts'

/**
 * A task where it runs. `look` and `cancel` throw what a request of an upstream session throws; an UpstreamRpcError
 * −32602 of `look` says that the server knows it no more.
 */
export interface UpstreamTask {
  /** Its state; with the result or error when it has ended, and the questions that stand open when it asks. */
  look(signal: AbortSignal): Promise<SeenTask>
  /** Answers by the keys of `inputRequests`. */
  respond(responses: JsonObject): Promise<void>
  cancel(): Promise<void>
  /** Nobody looks any more. */
  close(): void
}

/** Asks the server that runs the task, over whatever session leads there now. */
export type AskServer = (
  method: string,
  params: JsonObject,
  more?: {
    readonly signal?: AbortSignal
    readonly onServerRequest?: (method: string, params: JsonObject) => Promise<JsonObject>
  },
) => Promise<JsonObject>
