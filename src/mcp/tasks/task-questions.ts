import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { answerQuestion } from '../answer-server-request.ts'
import { authorizeQuestion, type AllowedQuestion } from '../authorize-question.ts'
import type { DoorContext } from '../door-context.ts'
import type { Exchange } from '../exchange.ts'
import type { AllowedCall } from '../mediation.ts'
import { answererOf, namingOrigin, questionOf, type Asker, type ServerQuestion } from '../server-question.ts'

interface Relayed {
  readonly request: JsonObject
  /** Absent once it is answered. */
  allowed: AllowedQuestion | undefined
}

/** Questions of one task: each is decided once, on the request that first sees it, however often the client looks. */
export class TaskQuestions {
  readonly #door: DoorContext
  readonly #call: AllowedCall
  readonly #relayed = new Map<string, Relayed>()
  readonly #answered = new Set<string>()

  constructor(door: DoorContext, call: AllowedCall) {
    this.#door = door
    this.#call = call
  }

  /**
   * What the client is asked, and what is answered here: from configuration, or by a client of the initialize era
   * through `ask`; without `ask` such a client is asked later.
   * @throws RemitError `upstream_interactive` for a question that is refused.
   */
  async mediate(
    exchange: Exchange,
    inputRequests: JsonObject,
    ask: Asker | undefined,
  ): Promise<{ readonly relayed: JsonObject; readonly responses: JsonObject }> {
    const relayed: Record<string, JsonObject> = {}
    const responses: Record<string, Json> = {}
    const { decisionId } = this.#call.verdict
    const screened = this.#door.deps.gate.screen(decisionId, inputRequests) ?? {}
    for (const [key, request] of Object.entries(screened)) {
      const known = this.#relayed.get(key)
      if (known?.allowed !== undefined) relayed[key] = known.request
      if (known !== undefined || this.#answered.has(key)) continue
      const question = this.#read(request)
      const answerer = answererOf(this.#door, exchange, question)
      if (answerer === undefined) throw refused(question.method)
      if (answerer === 'client' && exchange.claim.era === 'modern') {
        const allowed = await authorizeQuestion(this.#door, exchange, question)
        const asked = { method: question.method, params: namingOrigin(question) }
        this.#relayed.set(key, { request: asked, allowed })
        relayed[key] = asked
      } else if (answerer === 'gateway' || ask !== undefined) {
        responses[key] = await answerQuestion(this.#door, exchange, { question, ask })
        this.#answered.add(key)
      }
    }
    return { relayed, responses }
  }

  /** Of the client's answers those to questions that stand open. */
  take(responses: JsonObject): JsonObject {
    const taken: Record<string, Json> = {}
    for (const [key, relayed] of this.#relayed) {
      const response = Object.hasOwn(responses, key) ? responses[key] : undefined
      if (relayed.allowed === undefined || !isJsonObject(response)) continue
      relayed.allowed.settle({ status: 'ok', result: response })
      relayed.allowed = undefined
      taken[key] = response
    }
    return taken
  }

  close(): void {
    for (const relayed of this.#relayed.values()) {
      relayed.allowed?.settle({ status: 'cancelled' })
      relayed.allowed = undefined
    }
  }

  #read(request: Json): ServerQuestion {
    if (!isJsonObject(request) || typeof request['method'] !== 'string') {
      throw new RemitError('upstream_garbage', 'the server asks for input in a form that MCP does not know')
    }
    const { method, params } = request
    const { server } = this.#call.mediation.call
    const question = questionOf(server, method, isJsonObject(params) ? params : {})
    if (question === undefined) throw refused(method)
    return question
  }
}

function refused(method: string): RemitError {
  return new RemitError('upstream_interactive', `the server asks for \`${method}\`, which is refused here`)
}
