import { RemitError } from '../core/errors.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { ServerKey, TaskId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import type { ClientClaim } from './client-claim.ts'
import type { Message, RequestId } from './json-rpc.ts'
import { askableOwner, type Owner } from './owner.ts'
import type { Reply } from './reply.ts'
import type { Subscriptions, Told } from './resource-subscription.ts'
import { UpstreamRpcError } from './upstream.ts'

interface Asked {
  readonly resolve: (result: JsonObject) => void
  readonly reject: (reason: Error) => void
}

/** A client's `initialize`d conversation, bound to the task that began it. It authenticates nothing. */
export class LegacySession {
  readonly id: string
  readonly task: TaskId
  readonly claim: ClientClaim
  readonly owner: Owner
  /** Endpoint of the session: a session of `/mcp` is none of `/mcp/<server>`. */
  readonly endpoint: string
  /** Requests that are being served, by the id that the client gave them. */
  readonly inFlight = new Map<RequestId, AbortController>()
  readonly resources: Subscriptions = new Map()
  /** The stream for what belongs to no request. */
  stream: Reply | undefined
  logLevel: string | undefined
  /** Where servers were told the level. */
  readonly levelsTold = new Map<ServerKey, Told>()
  lastUsed: number
  readonly #asked = new Map<RequestId, Asked>()
  #next = 0

  constructor(init: { id: string; task: Task; claim: ClientClaim; endpoint: string; now: number }) {
    this.id = init.id
    this.task = init.task.id
    this.claim = init.claim
    this.owner = askableOwner(init.task, init.claim.capabilities)
    this.endpoint = init.endpoint
    this.lastUsed = init.now
  }

  /**
   * Sends a request to the client on the stream of one of its own requests and waits for the POSTed answer.
   * @throws UpstreamRpcError with the client's error, or RemitError when no answer came.
   */
  async ask(
    reply: Reply,
    asked: { readonly method: string; readonly params: JsonObject },
    signal: AbortSignal,
  ): Promise<JsonObject> {
    signal.throwIfAborted()
    const id = `remit-${String(++this.#next)}`
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>()
    const giveUp = (): void => {
      reject(new RemitError('upstream_interactive', 'the client did not answer the request for input'))
    }
    this.#asked.set(id, { resolve, reject })
    const withdraw = (): void => {
      const params = { requestId: id, reason: 'nobody waits for the answer any more' }
      reply.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
      giveUp()
    }
    signal.addEventListener('abort', withdraw, { once: true })
    const offClose = reply.onClose(giveUp)
    if (!reply.send({ jsonrpc: '2.0', id, method: asked.method, params: asked.params })) giveUp()
    try {
      return await promise
    } finally {
      this.#asked.delete(id)
      signal.removeEventListener('abort', withdraw)
      offClose()
    }
  }

  /** @throws RemitError `request_invalid` for an answer to nothing that the gateway asked in this session. */
  answer(response: Extract<Message, { kind: 'response' }>): void {
    const asked = this.#asked.get(response.id)
    if (asked === undefined) {
      throw new RemitError('request_invalid', 'this answers no request of the gateway in this session')
    }
    if (response.result !== undefined) {
      asked.resolve(response.result)
      return
    }
    const error = response.error
    const data: Json | undefined = error?.data
    asked.reject(new UpstreamRpcError(error?.code ?? -32603, error?.message ?? 'no result', data))
  }

  close(): void {
    for (const controller of this.inFlight.values()) controller.abort()
    this.inFlight.clear()
    this.stream?.empty(200)
    this.stream = undefined
  }
}
