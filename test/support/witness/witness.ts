import type { JsonObject } from '../../../src/core/json.ts'

export type WitnessEra = 'modern' | 'legacy'

/** One message as the server got it. */
export interface Witnessed {
  readonly message: JsonObject & { readonly id?: string | number; readonly method?: string }
  /** By HTTP only. */
  readonly headers?: JsonObject
}

/** A call that is not answered before the test says so. */
interface Waiting {
  readonly id: unknown
  readonly token: unknown
  readonly say: Say
}

export type Say = (message: JsonObject) => void

const REGION = { type: 'string', 'x-mcp-header': 'Region' }
const TOOLS = ['note', 'wait', 'tell', 'seen', 'ask', 'withdraw'].map((name) => ({
  name,
  inputSchema: { type: 'object', properties: { region: REGION, who: { type: 'string' } } },
}))

/**
 * A server of either era that remembers every message and header, and does what the called tool's name says. Calls of
 * `wait` go on when `tell` is called: `progress`, `finish`, or `stray`, which speaks of `who`'s call on the stream of
 * `on`'s.
 */
export class Witness {
  readonly seen: Witnessed[] = []
  /** Ids of calls whose connection was closed before they were answered. */
  readonly closed: unknown[] = []
  readonly #era: WitnessEra
  #asking: { readonly answer: (result: JsonObject) => void; readonly say: Say } | undefined
  readonly #waiting = new Map<string, Waiting>()

  constructor(era: WitnessEra) {
    this.#era = era
  }

  /** @param say sends on the stream of this very message. */
  receive(witnessed: Witnessed, say: Say): void {
    this.seen.push(witnessed)
    const { id, method, params = {} } = witnessed.message as Witnessed['message'] & { params?: JsonObject }
    if (method === undefined) this.#answered(id)
    if (id === undefined || method === undefined) return
    const answer = (result: JsonObject): void => {
      const typed = this.#era === 'modern' ? { resultType: 'complete', ...result } : result
      say({ jsonrpc: '2.0', id, result: typed })
    }
    if (method === 'tools/call') this.#call({ id, params, say }, answer)
    else if (method === 'tools/list') answer({ tools: TOOLS })
    else if (method === 'server/discover' && this.#era === 'modern') {
      answer({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} } })
    } else if (method === 'initialize' && this.#era === 'legacy') {
      const serverInfo = { name: 'witness', version: '1' }
      answer({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo })
    } else say({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no such method' } })
  }

  #call(
    { id, params, say }: { readonly id: unknown; readonly params: JsonObject; readonly say: Say },
    answer: (result: JsonObject) => void,
  ): void {
    const args = (params['arguments'] ?? {}) as Readonly<Record<string, string>>
    const meta = (params['_meta'] ?? {}) as JsonObject
    switch (params['name'] as string) {
      case 'wait':
        this.#waiting.set(args['who'] ?? '', { id, token: meta['progressToken'], say })
        return
      case 'tell':
        this.#tell(args)
        answer(text('told'))
        return
      case 'seen':
        answer(text(JSON.stringify({ seen: this.seen, closed: this.closed })))
        return
      case 'ask':
        this.#ask(say, args['id'] === 'number' ? 41 : '41')
        this.#asking = { answer, say }
        return
      case 'withdraw':
        this.#withdraw()
        answer(text('withdrawn'))
        return
      default:
        answer(text('noted'))
    }
  }

  #tell({ what, who = '', on }: Readonly<Record<string, string>>): void {
    const of = this.#waiting.get(who)
    if (of === undefined) return
    const progress = (): void => {
      const params = { progressToken: of.token ?? null, progress: 1, message: `of ${who}` } as JsonObject
      const say = on === undefined ? of.say : this.#waiting.get(on)?.say
      say?.({ jsonrpc: '2.0', method: 'notifications/progress', params })
    }
    if (what === 'finish') {
      const result = this.#era === 'modern' ? { resultType: 'complete' } : {}
      of.say({ jsonrpc: '2.0', id: of.id as string, result: { ...result, ...text(`finished ${who}`) } })
    }
    progress()
  }

  #answered(id: unknown): void {
    this.#asking?.answer(text(`answered ${typeof id} ${String(id)}`))
  }

  #withdraw(): void {
    this.#asking?.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 41 } })
    this.#asking = undefined
  }

  #ask(say: Say, id: string | number): void {
    const params = { message: 'Which?', requestedSchema: { type: 'object', properties: {} } }
    say({ jsonrpc: '2.0', id, method: 'elicitation/create', params })
  }
}

function text(body: string): JsonObject {
  return { content: [{ type: 'text', text: body }] }
}
