import { IncomingMessage, type ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import { isJsonObject } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import type { WorkloadRequest, WorkloadTasks } from '../gate/start-workload-task.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { readBody } from '../net/read-body.ts'
import { decodeUtf8Strict, parseStrictJson } from '../net/strict-json.ts'
import { delegateBody } from './contract.ts'
import { parseBody } from './route.ts'
import { sendReply } from './send-reply.ts'

export const TOKEN_PATH = '/oauth/token'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ASSERTION = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const JWT_TYPES: ReadonlySet<string> = new Set([
  'urn:ietf:params:oauth:token-type:jwt',
  'urn:ietf:params:oauth:token-type:id_token',
])
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
/** Bytes, as the library behind it takes at most. */
const CAP = 57_344

export interface WorkloadPorts {
  readonly tasks: WorkloadTasks
  readonly hostGuard: HostGuard
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Whoever answers what is of no workload. */
  readonly others: (request: IncomingMessage, response: ServerResponse) => void
}

/**
 * `POST /oauth/token` for workloads: token exchange (RFC 8693) of a JWT, or the JWT as a grant (RFC 7523), for the token of
 * a new task. `intent` says what for; `task` may say more, as JSON like the body of `POST /delegate`; `workload` names the
 * rule. Every other request to the endpoint goes on as it came.
 */
export function createWorkloadEndpoint(
  ports: WorkloadPorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(ports, request, response).catch((thrown: unknown) => {
      refuse(ports, response, asRemitError(thrown))
    })
  }
}

async function serve(
  ports: WorkloadPorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host, origin } = request.headers
  checkHost({ host, origin }, ports.hostGuard)
  const bytes = await readBody(request, CAP)
  const form = isForm(request) ? new URLSearchParams(decodeUtf8Strict(bytes)) : undefined
  const token = form === undefined ? undefined : workloadToken(form)
  if (form === undefined || token === undefined) {
    ports.others(replayed(request, bytes), response)
    return
  }
  const { task, token: access, url } = await ports.tasks.start(token, wishOf(form))
  const seconds = Math.max(1, Math.floor((task.expires - ports.now()) / 1_000))
  const issued = { access_token: access, token_type: 'Bearer', expires_in: seconds, scope: 'mcp' }
  sendReply(response, { status: 200, json: { ...issued, issued_token_type: ACCESS_TOKEN, task, url } })
}

function isForm({ headers }: IncomingMessage): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase() === 'application/x-www-form-urlencoded'
}

/** The JWT of a workload, where the request has one. @throws RemitError `input_invalid`. */
function workloadToken(form: URLSearchParams): string | undefined {
  const grant = form.get('grant_type')
  const ours =
    grant === ASSERTION || (grant === EXCHANGE && JWT_TYPES.has(form.get('subject_token_type') ?? ''))
  if (!ours) return undefined
  const names = [...form.keys()]
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new RemitError('input_invalid', `\`${twice}\` is given twice; give it once`)
  if (form.has('actor_token'))
    throw new RemitError('input_invalid', 'a workload acts for its human; leave `actor_token` out')
  const token = form.get(grant === ASSERTION ? 'assertion' : 'subject_token') ?? ''
  if (token === '') throw new RemitError('token_missing', 'there is no workload token')
  return token
}

/** @throws RemitError `input_invalid`, `json_*`. */
function wishOf(form: URLSearchParams): WorkloadRequest {
  const more = parseStrictJson(form.get('task') ?? '{}')
  const intent = form.get('intent')
  const wish = isJsonObject(more) ? more : { task: more }
  const body = parseBody(delegateBody, { ...wish, ...(intent === null ? {} : { intent }) })
  const [workload, workflow] = [form.get('workload'), form.get('workflow')]
  return {
    // A parsed body never holds `undefined`, since JSON has none.
    ...(body as Omit<WorkloadRequest, 'workload' | 'workflow'>),
    ...(workload === null ? {} : { workload }),
    ...(workflow === null ? {} : { workflow }),
  }
}

/** The same request with its body still to be read. */
function replayed(request: IncomingMessage, bytes: Buffer): IncomingMessage {
  const again = new IncomingMessage(request.socket)
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor, rawHeaders, headers } = request
  Object.assign(again, { method, url, httpVersion, httpVersionMajor, httpVersionMinor, rawHeaders, headers })
  again.complete = true
  again.push(bytes)
  again.push(null)
  return again
}

/** RFC 6749 §5.2, with our own code beside it. */
function refuse({ log }: WorkloadPorts, response: ServerResponse, error: RemitError): void {
  const { status, code, message, detail } = error
  log.log(status >= 500 ? 'error' : 'warn', 'workload.refused', {
    code,
    ...(detail === undefined ? {} : { detail }),
  })
  const words =
    status >= 500 ? 'temporarily_unavailable' : status === 400 ? 'invalid_request' : 'invalid_grant'
  // The token endpoint knows no other status for a grant that is not good.
  const told = words === 'invalid_grant' ? 400 : status
  sendReply(response, { status: told, json: { error: words, error_description: message, code } })
}
