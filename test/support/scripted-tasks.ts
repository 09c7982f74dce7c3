import type { JsonObject } from '../../src/core/json.ts'
import { UpstreamRpcError, type UpstreamRequest } from '../../src/mcp/upstream.ts'
import type { ScriptedUpstream } from './scripted-upstream.ts'

/** One task of a server of either era, which goes on as the test says. */
export class ScriptedTasks {
  cancelled = false
  readonly answers: unknown[] = []
  answersAtOnce: JsonObject | undefined
  /** Called just before a call is answered with the task. */
  madeTask: () => void = () => {}
  readonly #core: boolean
  #status = 'working'
  #question: JsonObject | undefined
  #result: JsonObject | undefined
  #error: { readonly code: number; readonly message: string } | undefined
  #forgotten = false
  #done = Promise.withResolvers<void>()

  constructor(upstream: ScriptedUpstream) {
    this.#core = upstream.config.era === 'legacy'
    upstream.capabilities = {
      tools: {},
      ...(this.#core
        ? { tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } } }
        : { extensions: { 'io.modelcontextprotocol/tasks': {} } }),
    }
    upstream.tools = [
      { name: 'ask', inputSchema: { type: 'object' }, execution: { taskSupport: 'required' } },
    ]
    upstream.script = (request) => this.#answer(request)
  }

  complete(result: JsonObject): void {
    this.#status = 'completed'
    this.#result = result
    this.#done.resolve()
  }

  fail(code: number, message: string): void {
    this.#status = 'failed'
    this.#error = { code, message }
    this.#done.resolve()
  }

  ask(question: JsonObject): void {
    this.#status = 'input_required'
    this.#question = question
  }

  forget(): void {
    this.#forgotten = true
  }

  async #answer(request: UpstreamRequest): Promise<JsonObject> {
    if (request.method === 'tools/call') return this.#begin(request)
    if (this.#forgotten || request.params['taskId'] !== 'up-1')
      throw new UpstreamRpcError(-32602, 'no such task')
    switch (request.method) {
      case 'tasks/get':
        return this.#task()
      case 'tasks/cancel':
        this.cancelled = true
        this.#status = 'cancelled'
        return {}
      case 'tasks/update':
        this.#answered((request.params['inputResponses'] as JsonObject)['q'])
        return {}
      case 'tasks/result':
        return this.#awaitResult(request)
      default:
        throw new UpstreamRpcError(-32601, request.method)
    }
  }

  #begin({ params, clientCapabilities }: UpstreamRequest): JsonObject {
    this.madeTask()
    if (this.answersAtOnce !== undefined) return this.answersAtOnce
    const declared = JSON.stringify(clientCapabilities).includes('io.modelcontextprotocol/tasks')
    if (this.#core) return params['task'] === undefined ? { content: [] } : { task: this.#task() }
    return declared ? { resultType: 'task', ...this.#task() } : { content: [] }
  }

  #task(): JsonObject {
    const asks = this.#question === undefined ? {} : { inputRequests: { q: this.#question } }
    return {
      taskId: 'up-1',
      status: this.#status,
      createdAt: '2026-11-25T10:30:00Z',
      lastUpdatedAt: '2026-11-25T10:30:00Z',
      ...(this.#core
        ? { ttl: 60_000, pollInterval: 100 }
        : {
            ttlMs: 60_000,
            pollIntervalMs: 100,
            ...asks,
            ...(this.#result === undefined ? {} : { result: this.#result }),
            ...(this.#error === undefined ? {} : { error: this.#error }),
          }),
    }
  }

  async #awaitResult({ onServerRequest }: UpstreamRequest): Promise<JsonObject> {
    if (this.#question !== undefined) {
      const { method, params } = this.#question
      this.#answered(await onServerRequest?.(method as string, params as JsonObject))
    }
    await this.#done.promise
    if (this.#error !== undefined) throw new UpstreamRpcError(this.#error.code, this.#error.message)
    return this.#result ?? {}
  }

  #answered(answer: unknown): void {
    this.answers.push(answer)
    this.#question = undefined
    if (this.#status === 'input_required') this.#status = 'working'
  }
}
