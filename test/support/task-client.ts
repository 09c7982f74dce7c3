import type { JsonObject } from '../../src/core/json.ts'
import type { Era } from '../../src/mcp/upstream.ts'
import { raw, type TestDoor } from './test-door.ts'

export interface Answer {
  readonly result?: JsonObject
  readonly error?: { readonly code: number; readonly message: string; readonly data?: JsonObject }
}

interface Settings {
  readonly token?: string
  readonly path?: string
  readonly tasks?: boolean
}

const MODERN = '2026-07-28'

/** A client that follows tasks, as either protocol has them. */
export class TaskClient {
  readonly #door: TestDoor
  readonly #era: Era
  readonly #settings: Settings
  #session: string | undefined
  #described: JsonObject | undefined
  #next = 1

  private constructor(door: TestDoor, era: Era, settings: Settings) {
    this.#door = door
    this.#era = era
    this.#settings = settings
  }

  static async connect(door: TestDoor, era: Era, settings: Settings = {}): Promise<TaskClient> {
    const client = new TaskClient(door, era, settings)
    if (era === 'modern') return client
    const answer = await client.#post('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: { elicitation: {} },
      clientInfo: { name: 'test', version: '1' },
    })
    client.#session = String(answer.headers['mcp-session-id'])
    client.#described = messagesOf(answer.text).at(-1)?.result
    return client
  }

  async describe(): Promise<JsonObject> {
    return this.#described ?? (await this.raw('server/discover', {})).result ?? {}
  }

  /** The task that `tools/call` became. */
  async call(): Promise<JsonObject> {
    const task = this.#era === 'modern' ? {} : { task: { ttl: 60_000 } }
    const { result } = await this.raw('tools/call', { name: 'demo__ask', arguments: {}, ...task })
    return this.#era === 'modern' ? result! : (result!['task'] as JsonObject)
  }

  async get(task: JsonObject): Promise<JsonObject> {
    return (await this.raw('tasks/get', { taskId: task['taskId']! })).result!
  }

  async result(task: JsonObject): Promise<unknown> {
    if (this.#era === 'modern') return (await this.get(task))['result']
    return (await this.raw('tasks/result', { taskId: task['taskId']! })).result
  }

  /** Why the task failed. */
  async failure(task: JsonObject): Promise<string> {
    if (this.#era === 'modern') return JSON.stringify((await this.get(task))['error'])
    return (await this.raw('tasks/result', { taskId: task['taskId']! })).error!.message
  }

  async cancel(task: JsonObject): Promise<void> {
    await this.raw('tasks/cancel', { taskId: task['taskId']! })
  }

  /** Answers the one question that stands open, and tells how it was put. */
  async answer(task: JsonObject, answer: JsonObject): Promise<unknown> {
    if (this.#era === 'modern') {
      const again = await this.get(task)
      const { inputRequests } = await this.get(task)
      if (JSON.stringify(again['inputRequests']) !== JSON.stringify(inputRequests))
        throw new Error('asked anew')
      const [key = ''] = Object.keys(inputRequests as JsonObject)
      const inputResponses = { [key]: answer, 'never-asked': answer }
      await this.raw('tasks/update', { taskId: task['taskId']!, inputResponses })
      return inputRequests
    }
    return this.#answerOnStream(task, answer)
  }

  async raw(method: string, params: JsonObject): Promise<Answer> {
    return messagesOf((await this.#post(method, params)).text).at(-1) ?? {}
  }

  /** Opens the stream of a session of 2025-11-25. @returns what it was told of its tasks. */
  async hear(): Promise<() => readonly JsonObject[]> {
    const url = `${this.#door.url}${this.#settings.path ?? '/mcp'}`
    const response = await fetch(url, { headers: this.#headers('', {}) })
    let text = ''
    const read = async (): Promise<void> => {
      for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString('utf8')
    }
    void read().catch(() => {})
    return () =>
      (messagesOf(text) as readonly { readonly method?: string; readonly params: JsonObject }[])
        .filter(({ method }) => method === 'notifications/tasks/status')
        .map(({ params }) => params)
  }

  /** Everything that a `subscriptions/listen` for these tasks says until its stream ends or nobody wants more. */
  async *listen(taskIds: readonly string[]): AsyncGenerator<JsonObject> {
    const params = { notifications: { taskIds } }
    const response = await fetch(`${this.#door.url}${this.#settings.path ?? '/mcp'}`, {
      method: 'POST',
      headers: this.#headers('subscriptions/listen', params),
      body: this.#body('subscriptions/listen', params),
    })
    let text = ''
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8')
      const frames = text.split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) yield* messagesOf(frame) as readonly JsonObject[]
    }
  }

  /** 2025-11-25: the question comes on the stream of an open `tasks/result`. */
  async #answerOnStream(task: JsonObject, answer: JsonObject): Promise<unknown> {
    const response = await fetch(`${this.#door.url}${this.#settings.path ?? '/mcp'}`, {
      method: 'POST',
      headers: this.#headers('tasks/result', {}),
      body: this.#body('tasks/result', { taskId: task['taskId']! }),
    })
    let text = ''
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8')
      const asked = messagesOf(text).find((message) => 'method' in message) as
        | (Answer & { readonly id: string; readonly method: string })
        | undefined
      if (asked === undefined) continue
      await raw(this.#door, {
        path: this.#settings.path ?? '/mcp',
        headers: this.#headers('', {}),
        body: JSON.stringify({ jsonrpc: '2.0', id: asked.id, result: answer }),
      })
      return asked
    }
    throw new Error(`nothing was asked: ${text}`)
  }

  #post(method: string, params: JsonObject): ReturnType<typeof raw> {
    return raw(this.#door, {
      path: this.#settings.path ?? '/mcp',
      headers: this.#headers(method, params),
      body: this.#body(method, params),
    })
  }

  #headers(method: string, params: JsonObject): Record<string, string> {
    const base = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${this.#settings.token ?? 'task-a'}`,
    }
    if (this.#era === 'legacy') {
      return this.#session === undefined ? base : { ...base, 'mcp-session-id': this.#session }
    }
    const name = params['name'] ?? params['taskId']
    return {
      ...base,
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    }
  }

  #body(method: string, params: JsonObject): string {
    const tasks = this.#settings.tasks === false ? {} : { 'io.modelcontextprotocol/tasks': {} }
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': MODERN,
      'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, extensions: tasks },
    }
    const sent = this.#era === 'modern' ? { ...params, _meta } : params
    return JSON.stringify({ jsonrpc: '2.0', id: this.#next++, method, params: sent })
  }
}

function messagesOf(text: string): readonly Answer[] {
  if (text.startsWith('{')) return [JSON.parse(text) as Answer]
  const frames = text.split('\n').filter((line) => line.startsWith('data: '))
  return frames.flatMap((line) => {
    try {
      return [JSON.parse(line.slice(6)) as Answer]
    } catch {
      return []
    }
  })
}
