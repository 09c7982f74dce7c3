import { RemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { garbage } from '../upstream-message.ts'
import { UpstreamRpcError } from '../upstream.ts'
import { readTask, type SeenTask } from './task-shape.ts'
import type { AskServer, UpstreamTask } from './upstream-task.ts'

interface Question {
  readonly request: JsonObject
  readonly resolve: (answer: JsonObject) => void
}

/** Milliseconds that a server may take to put its question once it says that it has one. */
const QUESTION_WAIT = 2_000

/**
 * An experimental task of 2025-11-25. Its result, and what its server asks meanwhile, come by an open `tasks/result`
 * (https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks).
 */
export class CoreTask implements UpstreamTask {
  readonly #id: string
  readonly #ask: AskServer
  readonly #open = new Map<string, Question>()
  readonly #closing = new AbortController()
  #result: Promise<JsonObject> | undefined
  #asked = Promise.withResolvers<void>()
  #count = 0

  constructor(id: string, ask: AskServer) {
    this.#id = id
    this.#ask = ask
  }

  async look(signal: AbortSignal): Promise<SeenTask> {
    const told = await this.#ask('tasks/get', { taskId: this.#id }, { signal })
    const seen = readTask(told, new Date().toISOString())
    if (seen === undefined) throw garbage('it is no task')
    const { status } = seen.state
    if (status === 'completed' || status === 'failed') return this.#withResult(seen)
    return status === 'input_required' ? this.#withQuestions(seen) : seen
  }

  respond(responses: JsonObject): Promise<void> {
    for (const [key, answer] of Object.entries(responses)) {
      this.#open.get(key)?.resolve(answer as JsonObject)
      this.#open.delete(key)
    }
    return Promise.resolve()
  }

  async cancel(): Promise<void> {
    await this.#ask('tasks/cancel', { taskId: this.#id })
  }

  close(): void {
    this.#closing.abort(new RemitError('upstream_interactive', 'nobody waits for the task any more'))
  }

  /** 2025-11-25 says `failed` also of a result with `isError`; the extension of errors of the protocol alone. */
  async #withResult(seen: SeenTask): Promise<SeenTask> {
    try {
      const result = await this.#awaitResult()
      return { ...seen, state: { ...seen.state, status: 'completed' }, result }
    } catch (thrown) {
      if (!(thrown instanceof UpstreamRpcError)) throw thrown
      const { rpcCode: code, message } = thrown
      return { ...seen, state: { ...seen.state, status: 'failed' }, error: { code, message } }
    }
  }

  async #withQuestions(seen: SeenTask): Promise<SeenTask> {
    const result = this.#awaitResult()
    if (this.#open.size === 0) {
      this.#asked = Promise.withResolvers<void>()
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, QUESTION_WAIT).unref()
      })
      await Promise.race([this.#asked.promise, result.catch(() => {}), late])
    }
    const inputRequests = Object.fromEntries([...this.#open].map(([key, { request }]) => [key, request]))
    return { ...seen, inputRequests }
  }

  /** One `tasks/result` at a time; one that failed for another reason than the task itself is asked anew. */
  #awaitResult(): Promise<JsonObject> {
    const running = this.#result
    if (running !== undefined) return running
    const asked = this.#ask(
      'tasks/result',
      { taskId: this.#id },
      { signal: this.#closing.signal, onServerRequest: this.#question },
    )
    this.#result = asked
    asked.catch((thrown: unknown) => {
      if (!(thrown instanceof UpstreamRpcError)) this.#result = undefined
    })
    return asked
  }

  readonly #question = (method: string, params: JsonObject): Promise<JsonObject> => {
    if (method === 'ping') return Promise.resolve({})
    const { promise, resolve } = Promise.withResolvers<JsonObject>()
    this.#open.set(`question-${String(++this.#count)}`, { request: { method, params }, resolve })
    this.#asked.resolve()
    return promise
  }
}
