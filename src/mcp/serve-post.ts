import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { Caller } from '../gate/gate.ts'
import { readBody } from '../net/read-body.ts'
import { decodeUtf8Strict, parseStrictJson } from '../net/strict-json.ts'
import { answerWithError } from './answer-error.ts'
import type { ClientClaim } from './client-claim.ts'
import type { DoorContext } from './door-context.ts'
import { identifyRequest } from './identify-request.ts'
import type { Inbound } from './inbound.ts'
import { runtimeCallOf, type RuntimeCall } from './runtime-call.ts'
import { echoableId, readMessage, type Message } from './json-rpc.ts'
import { isLarge } from './large-response.ts'
import type { LegacySession } from './legacy-session.ts'
import { receiveNotification, receiveResponse } from './receive-message.ts'
import { serveRequest } from './serve-request.ts'
import { checkContentType } from './steps/check-content-type.ts'
import { checkMirroredHeaders } from './steps/check-mirrored-headers.ts'
import { detectEra, type EraOfMessage } from './steps/detect-era.ts'

const NO_META: JsonObject = {}
const NO_CAPABILITIES: JsonObject = {}

/**
 * The checks of a POST, in the order of the specification
 * (https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http). Host, origin and
 * HTTP method were checked before.
 */
export async function servePost(inbound: Inbound): Promise<void> {
  const { door, request, reply } = inbound
  let value: Json | undefined
  let asked: RuntimeCall | undefined
  try {
    checkContentType(request.headers)
    const bytes = await readBody(request, door.limits.body)
    const parsed = parseBody(door, bytes)
    value = parsed instanceof Promise ? await parsed : parsed
    const message = readMessage(value)
    asked = runtimeCallOf(message)
    const detected = detectEra(message, request.headers)
    if (detected.era === 'modern' && message.kind !== 'response') {
      checkMirroredHeaders(message, detected.claim.version, request.headers)
    }
    const caller = await identifyRequest(door, request)
    const session = sessionOf(inbound, message, { detected, caller, asked })
    await route(inbound, message, { caller, session, claim: claimOf(detected, session) })
  } catch (thrown) {
    answerWithError(door, reply, { thrown, stage: 'door', id: echoableId(value), asked })
  }
}

/** A large body is parsed where that holds up nobody. */
function parseBody({ deps }: DoorContext, bytes: Buffer): Json | Promise<Json> {
  return deps.large !== undefined && isLarge(bytes)
    ? deps.large.parse(bytes)
    : parseStrictJson(decodeUtf8Strict(bytes))
}

interface Known {
  readonly caller: Caller
  readonly session: LegacySession | undefined
  readonly claim: ClientClaim
}

async function route(inbound: Inbound, message: Message, known: Known): Promise<void> {
  const { door, request, reply, naming } = inbound
  switch (message.kind) {
    case 'response':
      receiveResponse(known.session, message)
      reply.empty(202)
      return
    case 'notification':
      receiveNotification(known.claim.era, known.session, message)
      reply.empty(202)
      return
    case 'request': {
      const sent = message.params['_meta']
      const meta = isJsonObject(sent) ? sent : NO_META
      const { id, method, params } = message
      await serveRequest(door, { request, reply, naming, id, method, params, meta, ...known })
    }
  }
}

/**
 * The session of an initialize-era message, which must be this very task's; all but `initialize` need one.
 * @throws RemitError `session_missing`, `session_unknown`.
 */
function sessionOf(
  inbound: Inbound,
  message: Message,
  known: {
    readonly detected: EraOfMessage
    readonly caller: Caller
    readonly asked: RuntimeCall | undefined
  },
): LegacySession | undefined {
  if (known.detected.era === 'modern') return undefined
  if (known.asked !== undefined) return sessionIfAny(inbound, known.caller)
  if (message.kind === 'request' && message.method === 'initialize') return undefined
  return requireSession(inbound, known.caller)
}

/** A runtime that asks gets its answer also when the gateway forgot the session: there are agents that go on after an error. */
function sessionIfAny(inbound: Inbound, caller: Caller): LegacySession | undefined {
  try {
    return requireSession(inbound, caller)
  } catch {
    return undefined
  }
}

/** @throws RemitError `session_missing`, `session_unknown`. */
export function requireSession(inbound: Inbound, caller: Caller): LegacySession {
  const id = inbound.request.headers['mcp-session-id']
  if (typeof id !== 'string') {
    throw new RemitError('session_missing', 'send `initialize` first and then the `Mcp-Session-Id` it gave')
  }
  return inbound.door.sessions.get(id, caller.chain.task.id, inbound.naming.endpoint)
}

function claimOf(detected: EraOfMessage, session: LegacySession | undefined): ClientClaim {
  if (detected.era === 'modern') return detected.claim
  if (session !== undefined) return session.claim
  return { era: 'legacy', version: detected.version ?? '', capabilities: NO_CAPABILITIES }
}
