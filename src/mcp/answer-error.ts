import type { DoorContext } from './door-context.ts'
import { goesOnAfterErrors } from '../core/runtime-tool.ts'
import type { RequestId } from './json-rpc.ts'
import type { Reply } from './reply.ts'
import { endpointChallenge } from './resource-metadata.ts'
import { refusedRuntimeCall, type RuntimeCall } from './runtime-call.ts'
import type { Era } from './upstream.ts'
import { errorMessage, toWire } from './wire/to-wire.ts'

export interface Failure {
  readonly thrown: unknown
  readonly stage: 'door' | 'handler'
  readonly id: RequestId | null
  readonly era?: Era
  /** What it answers is a call of the gateway's own tool. */
  readonly asked?: RuntimeCall | undefined
}

/** The one place where an error leaves the door. Private detail goes to the log only. */
export function answerWithError(door: DoorContext, reply: Reply, failure: Failure): void {
  const wire = toWire(failure.thrown, failure.stage, failure.era)
  const { cause } = wire
  if (cause !== undefined && (cause.detail !== undefined || cause.code === 'internal')) {
    door.deps.log.log('warn', 'request failed', { code: cause.code, detail: cause.detail ?? cause.message })
  }
  const { asked } = failure
  // Who was only asked for a nonce sends the same again.
  if (asked !== undefined && cause?.code !== 'proof_nonce' && goesOnAfterErrors(asked.arguments)) {
    reply.finish(200, refusedRuntimeCall(asked, wire.error.message))
    return
  }
  if (cause?.status === 401) {
    reply.header('www-authenticate', endpointChallenge(door.deps, reply.path, cause.code))
  }
  const nonce = cause?.data?.['nonce']
  if (cause?.code === 'proof_nonce' && typeof nonce === 'string') reply.header('dpop-nonce', nonce)
  if (cause?.code === 'http_method_refused') reply.header('allow', 'POST')
  reply.finish(wire.status, errorMessage(failure.id, wire))
}
