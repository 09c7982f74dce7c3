import type { JsonObject } from '../../core/json.ts'
import { garbage } from '../upstream-message.ts'
import { readTask, type SeenTask } from './task-shape.ts'
import type { AskServer, UpstreamTask } from './upstream-task.ts'

/** A task of the extension of 2026-07-28. */
export class ExtensionTask implements UpstreamTask {
  readonly #id: string
  readonly #ask: AskServer

  constructor(id: string, ask: AskServer) {
    this.#id = id
    this.#ask = ask
  }

  async look(signal: AbortSignal): Promise<SeenTask> {
    const told = await this.#ask('tasks/get', { taskId: this.#id }, { signal })
    const seen = readTask(told, new Date().toISOString())
    if (seen === undefined) throw garbage('it is no task')
    return seen
  }

  async respond(inputResponses: JsonObject): Promise<void> {
    await this.#ask('tasks/update', { taskId: this.#id, inputResponses })
  }

  async cancel(): Promise<void> {
    await this.#ask('tasks/cancel', { taskId: this.#id })
  }

  close(): void {}
}
