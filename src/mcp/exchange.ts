import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { Correlation } from '../core/tool-call.ts'
import type { Caller } from '../gate/gate.ts'
import type { ClientClaim } from './client-claim.ts'
import type { RequestId } from './json-rpc.ts'
import type { LegacySession } from './legacy-session.ts'
import type { Naming } from './names.ts'
import type { OpenRequest } from './open-requests.ts'
import { askableOwner, type Owner } from './owner.ts'
import type { Reply } from './reply.ts'
import { traceContextOf } from './trace-context.ts'

/** One request on its way through the door, past every check. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly reply: Reply
  readonly id: RequestId
  readonly method: string
  readonly params: JsonObject
  readonly meta: JsonObject
  readonly claim: ClientClaim
  /** Whose connection it is. */
  readonly caller: Caller
  /** Who acts over it, and so is decided about: the caller, or a sub-agent of it. */
  readonly acting: Caller
  readonly naming: Naming
  readonly session: LegacySession | undefined
  /** Aborts when the client cancels: closing the response (modern) or `notifications/cancelled` (legacy). */
  readonly signal: AbortSignal
  /** Its entry among the requests that are open. */
  readonly open: OpenRequest
  /** Called once the answer has been written, or failed to be, with its size in bytes. */
  readonly afterAnswer: ((bytes: number) => void)[]
}

export function ownerOf({ session, caller, claim }: Exchange): Owner {
  return session?.owner ?? askableOwner(caller.chain.task, claim.capabilities)
}

/** The agent's own id of the use that a request is for; undefined = it gives none. */
export function toolUseOf({ meta }: Pick<Exchange, 'meta'>): string | undefined {
  return text(meta['claudecode/toolUseId']) ?? text(meta['callId'])
}

export function correlationOf(exchange: Exchange): Correlation {
  const { meta, session, claim } = exchange
  const toolUse = toolUseOf(exchange)
  const { traceparent } = traceContextOf(meta, exchange.request.headers)
  return {
    requestId: String(exchange.id),
    ...(session === undefined ? {} : { session: session.id }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(toolUse === undefined ? {} : { toolUse }),
    ...(claim.client === undefined ? {} : { client: claim.client }),
  }
}

/** Reason with which an exchange's signal aborts. */
export function cancelled(): RemitError {
  return new RemitError('request_invalid', 'the client cancelled the request')
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 256 ? value : undefined
}
