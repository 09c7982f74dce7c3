import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { Caller } from '../gate/gate.ts'
import { ReportedCalls } from '../gate/reported-calls.ts'
import { settleUnheard } from '../gate/settle-reported.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { readBody } from '../net/read-body.ts'
import { decodeUtf8Strict, parseStrictJson } from '../net/strict-json.ts'
import type { AuthzenDoorDeps } from './door-deps.ts'
import { evaluateAll } from './evaluate-all.ts'
import { evaluate } from './evaluate.ts'
import type { Exchange } from './exchange.ts'
import {
  EVALUATION_PATH,
  EVALUATIONS_PATH,
  METADATA_PATH,
  metadataOf,
  OUTCOMES_PATH,
  SEARCH_PATHS,
} from './metadata.ts'
import { reportOutcome } from './report-outcome.ts'
import { givenRequestId, REQUEST_ID, waitWanted } from './request-headers.ts'
import { sendError, sendJson } from './send-answer.ts'

export interface HttpAuthzenDeps extends Omit<AuthzenDoorDeps, 'open'> {
  readonly hostGuard: HostGuard
  readonly bodyCap: number
  /** Base URL of the agent plane, without a slash at its end. */
  readonly publicUrl: string
  readonly identify: (request: IncomingMessage) => Promise<Caller>
}

export interface HttpAuthzenDoor {
  serves(request: IncomingMessage): boolean
  handle(request: IncomingMessage, response: ServerResponse): void
  /** What was permitted and whose end nobody will tell any more becomes unknown. */
  close(): Promise<void>
}

type Answer = (deps: AuthzenDoorDeps, exchange: Exchange, body: JsonObject) => Promise<object>

const ANSWERS: Readonly<Record<string, Answer>> = {
  [EVALUATION_PATH]: evaluate,
  [EVALUATIONS_PATH]: evaluateAll,
  [OUTCOMES_PATH]: reportOutcome,
}

/**
 * OpenID AuthZEN Authorization API 1.0 on the agent plane, with the token of a task. Answers 200 with a decision, no
 * less for a no; any other status is no decision, with the reason as text, and is to be taken as a no.
 * https://openid.net/specs/authorization-api-1_0.html
 */
export function createHttpAuthzenDoor(given: HttpAuthzenDeps): HttpAuthzenDoor {
  const deps: HttpAuthzenDeps & AuthzenDoorDeps = { ...given, open: new ReportedCalls() }
  return {
    serves: ({ url }) => servesPath(pathOf(url)),
    handle(request, response) {
      answer(deps, request, response).catch((thrown: unknown) => {
        const error = asRemitError(thrown)
        if (error.code === 'internal') deps.log.log('error', 'authzen.failed', { detail: error.detail ?? '' })
        sendError(response, error)
      })
    },
    async close() {
      await Promise.allSettled(deps.open.drain().map(({ decision }) => settleUnheard(deps.gate, decision)))
    },
  }
}

function pathOf(url = ''): string {
  return url.split('?', 1)[0] ?? ''
}

function servesPath(path: string): boolean {
  return Object.hasOwn(ANSWERS, path) || path === METADATA_PATH || path.startsWith(SEARCH_PATHS)
}

async function answer(
  deps: HttpAuthzenDeps & AuthzenDoorDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host, origin } = request.headers
  const path = pathOf(request.url)
  checkHost({ host, origin }, deps.hostGuard)
  const requestId = givenRequestId(request)
  if (requestId !== undefined) response.setHeader(REQUEST_ID, requestId)
  requireMethod(request, path === METADATA_PATH ? 'GET' : 'POST')
  if (path === METADATA_PATH) {
    sendJson(response, metadataOf(deps.publicUrl))
    return
  }
  const found = ANSWERS[path]
  if (found === undefined) {
    throw new RemitError(
      'not_found',
      'searches are not offered: a task’s authority over what nobody named is not known before it is asked',
    )
  }
  const bytes = await readBody(request, deps.bodyCap)
  const caller = await deps.identify(request)
  const body = readJsonBody(bytes, request.headers['content-type'])
  const gone = new AbortController()
  response.on('close', () => gone.abort(new RemitError('request_invalid', 'the application stopped waiting')))
  const { traceparent } = request.headers
  const exchange: Exchange = {
    caller,
    hold: Math.min(waitWanted(request), deps.hold),
    signal: gone.signal,
    ...(requestId === undefined ? {} : { requestId }),
    ...(typeof traceparent === 'string' ? { traceparent } : {}),
  }
  sendJson(response, await found(deps, exchange, body))
}

function requireMethod({ method }: IncomingMessage, wanted: 'GET' | 'POST'): void {
  if (method === wanted) return
  throw new RemitError('http_method_refused', `use ${wanted}`, { data: { allow: wanted } })
}

/** §10.1: whatever is no JSON object under its own type is a bad request. */
function readJsonBody(bytes: Buffer, contentType = ''): JsonObject {
  const [type = ''] = contentType.split(';', 1)
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new RemitError('request_invalid', 'send the body as `application/json`')
  }
  const body = parseStrictJson(decodeUtf8Strict(bytes))
  if (isJsonObject(body)) return body
  throw new RemitError('request_invalid', 'the body must be a JSON object')
}
