import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { CallKind } from '../core/tool-call.ts'
import { declaresElicitation } from './client-capabilities.ts'
import type { DoorContext } from './door-context.ts'
import type { Exchange } from './exchange.ts'
import { isServerRequest, SERVER_REQUESTS } from './server-message-table.ts'

/** Something that a server asks of the client while one of the client's calls is open. */
export interface ServerQuestion {
  readonly server: ServerKey
  readonly kind: Extract<CallKind, 'elicitation' | 'sampling' | 'roots'>
  readonly method: string
  readonly params: JsonObject
  /** Aborts when the server takes it back. */
  readonly withdrawn?: AbortSignal
}

/** @returns undefined for a method that no server may send to a client. */
export function questionOf(
  server: ServerKey,
  method: string,
  params: JsonObject,
): ServerQuestion | undefined {
  const kind = isServerRequest(method) ? SERVER_REQUESTS[method] : 'terminate'
  return kind === 'terminate' ? undefined : { server, kind, method, params }
}

/**
 * Who could answer: the gateway from its configuration, or the client, which must have declared the question and
 * be let by configuration. Undefined = nobody; then policy is not even asked.
 */
export function answererOf(
  door: DoorContext,
  exchange: Exchange,
  { server, kind, params }: ServerQuestion,
): 'gateway' | 'client' | undefined {
  const { claim } = exchange
  const settings = door.deps.serverSettings.get(server)
  switch (kind) {
    case 'elicitation':
      return declaresElicitation(claim, params['mode'] === 'url' ? 'url' : 'form') ? 'client' : undefined
    case 'sampling':
      return settings?.sampling === 'relay' && claim.capabilities['sampling'] !== undefined
        ? 'client'
        : undefined
    case 'roots':
      if (settings?.roots !== 'relay') return 'gateway'
      return claim.capabilities['roots'] === undefined ? undefined : 'client'
    default:
      return kind satisfies never
  }
}

/** The human must see who asks: a server could otherwise speak in the gateway's name. */
export function namingOrigin({ server, kind, params }: ServerQuestion): JsonObject {
  if (kind === 'roots') return params
  const { message } = params
  const said = `[server ${server} asks] ${typeof message === 'string' ? message : ''}`
  return kind === 'elicitation'
    ? { ...params, message: said }
    : { ...params, metadata: { 'remit/server': server } }
}

/** Puts a question to the client and waits for its answer. */
export type Asker = (question: ServerQuestion) => Promise<JsonObject>

/** Asks on the stream of the client's own request, as the initialize era does; absent where there is none. */
export function streamAsker(door: DoorContext, exchange: Exchange): Asker | undefined {
  const { session, reply, signal } = exchange
  if (session === undefined || !reply.canStream) return undefined
  return (question) => {
    const { method, withdrawn } = question
    const ends = [signal, AbortSignal.timeout(door.limits.answerWait)]
    const wait = AbortSignal.any(withdrawn === undefined ? ends : [...ends, withdrawn])
    return session.ask(reply, { method, params: namingOrigin(question) }, wait)
  }
}
