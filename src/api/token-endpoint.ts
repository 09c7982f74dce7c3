import { IncomingMessage, type ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import { heldCertificate } from '../core/holder.ts'
import type { Task } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { readBody } from '../net/read-body.ts'
import { decodeUtf8Strict } from '../net/strict-json.ts'
import { sendReply } from './send-reply.ts'
import { ACCESS_TOKEN, type GrantedTask, type TokenGrant } from './token-grant.ts'

/** Bytes, as the library behind it takes at most. */
const CAP = 57_344

export interface TokenPorts {
  readonly grants: readonly TokenGrant[]
  readonly hostGuard: HostGuard
  readonly log: Log
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Whoever answers what none of these takes. */
  readonly others: (request: IncomingMessage, response: ServerResponse) => void
}

/** `POST /oauth/token`: answers what one of the grants takes; every other request goes on as it came. */
export function createTokenEndpoint(
  ports: TokenPorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(ports, request, response).catch((thrown: unknown) => {
      refuse(ports, response, { error: asRemitError(thrown) })
    })
  }
}

async function serve(ports: TokenPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host, origin } = request.headers
  checkHost({ host, origin }, ports.hostGuard)
  const bytes = await readBody(request, CAP)
  const form = isForm(request) ? new URLSearchParams(decodeUtf8Strict(bytes)) : undefined
  const grant = form === undefined ? undefined : ports.grants.find((each) => each.takes(form))
  if (form === undefined || grant === undefined) {
    ports.others(replayed(request, bytes), response)
    return
  }
  try {
    checkOnce(form, grant)
    const json = answerOf(await grant.issue(form, request), ports.now())
    sendReply(response, { status: 200, json })
  } catch (thrown) {
    refuse(ports, response, { error: asRemitError(thrown), grant })
  }
}

function isForm({ headers }: IncomingMessage): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase() === 'application/x-www-form-urlencoded'
}

/** RFC 6749 §3.2. @throws RemitError `input_invalid`. */
function checkOnce(form: URLSearchParams, { repeatable }: TokenGrant): void {
  const names = [...form.keys()].filter((name) => repeatable?.has(name) !== true)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new RemitError('input_invalid', `\`${twice}\` is given twice; give it once`)
}

/** RFC 9449 §5; what a certificate holds is a bearer's by its scheme (RFC 8705 §3). */
function tokenType({ holder }: Task): 'Bearer' | 'DPoP' {
  return holder === undefined || heldCertificate(holder) !== undefined ? 'Bearer' : 'DPoP'
}

/** RFC 8693 §2.2.1. */
function answerOf({ issued, more }: GrantedTask, now: number): object {
  const { task, token, url } = issued
  return {
    access_token: token,
    issued_token_type: ACCESS_TOKEN,
    token_type: tokenType(task),
    expires_in: Math.max(1, Math.floor((task.expires - now) / 1_000)),
    scope: 'mcp',
    ...more,
    task,
    url,
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
function refuse(
  { log }: TokenPorts,
  response: ServerResponse,
  { error, grant }: { readonly error: RemitError; readonly grant?: TokenGrant },
): void {
  const { status, code, message, detail, data = {} } = error
  log.log(status >= 500 ? 'error' : 'warn', grant?.event ?? 'oauth.refused', {
    code,
    ...(detail === undefined ? {} : { detail }),
  })
  const { oauth, ...more } = data
  const words = typeof oauth === 'string' ? oauth : (grant?.wordFor(error) ?? 'invalid_request')
  const nonce = data['nonce']
  sendReply(response, {
    // The token endpoint knows no other status for what is not good.
    status: status >= 500 || (grant === undefined && status > 400) ? status : 400,
    headers: typeof nonce === 'string' ? { 'dpop-nonce': nonce } : {},
    json: {
      error: status >= 500 ? 'temporarily_unavailable' : words,
      error_description: message,
      code,
      ...more,
    },
  })
}
