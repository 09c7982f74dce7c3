import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { Exchange } from './exchange.ts'
import type { ServerQuestion } from './server-question.ts'

interface OpenQuestion {
  readonly question: ServerQuestion
  readonly resolve: (answer: JsonObject) => void
}

/**
 * A call to a server of the initialize era on behalf of a client of 2026-07-28. When the server asks, the client's
 * request is answered with the questions while the call stays open; the client's next request brings the answers.
 */
export class ParkedCall {
  readonly id: string
  /** The client's latest request of this call: progress goes there, questions are decided for it. */
  exchange: Exchange
  readonly #controller = new AbortController()
  readonly #open = new Map<string, OpenQuestion>()
  #asked = Promise.withResolvers<void>()
  #result: Promise<JsonObject> | undefined
  #count = 0

  constructor(id: string, exchange: Exchange) {
    this.id = id
    this.exchange = exchange
  }

  /** Aborts when the client cancels a request that is open, or nobody came back in time. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  start(run: () => Promise<JsonObject>): void {
    this.#result = run()
    // Whoever waits for it hears of a failure; while it is parked nobody does.
    this.#result.catch(() => {})
  }

  /** Waits, as the server does, until some request of the client brings the answer. */
  readonly ask = (question: ServerQuestion): Promise<JsonObject> => {
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>()
    const key = `question-${String(++this.#count)}`
    this.#open.set(key, { question, resolve })
    this.signal.addEventListener('abort', () => reject(unanswered()), { once: true })
    const withdraw = (): void => {
      this.#open.delete(key)
      reject(unanswered())
    }
    question.withdrawn?.addEventListener('abort', withdraw, { once: true })
    this.#asked.resolve()
    return promise
  }

  answer(exchange: Exchange): void {
    this.exchange = exchange
    const responses = exchange.params['inputResponses']
    if (!isJsonObject(responses)) return
    for (const [key, { resolve }] of this.#open) {
      const response = Object.hasOwn(responses, key) ? responses[key] : undefined
      if (!isJsonObject(response)) continue
      this.#open.delete(key)
      resolve(response)
    }
  }

  /** The result, or the questions that stand open before there is one. @throws what the call throws. */
  async next(): Promise<
    { readonly result: JsonObject } | { readonly questions: ReadonlyMap<string, ServerQuestion> }
  > {
    const { signal } = this.exchange
    const cancel = (): void => this.abort(signal.reason)
    signal.addEventListener('abort', cancel, { once: true })
    try {
      if (this.#open.size === 0) this.#asked = Promise.withResolvers<void>()
      const result = await Promise.race([this.#result, this.#asked.promise])
      if (result !== undefined) return { result }
      return { questions: new Map([...this.#open].map(([key, { question }]) => [key, question])) }
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason)
  }
}

function unanswered(): RemitError {
  return new RemitError('upstream_interactive', 'the client did not bring the answer')
}
