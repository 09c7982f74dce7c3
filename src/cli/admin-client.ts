import type { ErrorAnswer } from '../api/contract.ts'
import { OBSERVING_HEADER } from '../api/observing-header.ts'
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts'
import { RemitError } from '../core/errors.ts'
import { type Invocation, textFlag } from './command.ts'
import { configPlace } from './config-place.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'
import { promptSecret } from './prompt-secret.ts'

export interface AdminClient {
  get<Answer>(path: string, query?: Readonly<Record<string, string | number | undefined>>): Promise<Answer>
  post<Answer>(path: string, body: unknown): Promise<Answer>
}

export interface ClientOptions {
  /** The command says by itself what is only observed. */
  readonly quiet?: boolean
}

/**
 * Speaks to the running gateway's admin plane. `read` presents `REMIT_APPROVER` when it is set, else the
 * credential on disk; `decide` presents an approver code, from there or from a hidden prompt.
 * @throws RemitError `gateway_unreachable`, `credential_missing`, and whatever the gateway answers.
 */
export async function openAdminClient(
  invocation: Invocation,
  purpose: 'read' | 'decide',
  { quiet = false }: ClientOptions = {},
): Promise<AdminClient> {
  const { environ, stopped } = invocation.io
  const { findGateway } = await import('../server/find-gateway.ts')
  const found = findGateway({
    ...configPlace(invocation),
    adminUrl: textFlag(invocation, 'admin-url'),
  })
  const code = environ['REMIT_APPROVER']
  const presented =
    code !== undefined && code !== ''
      ? code
      : purpose === 'read'
        ? found.localCredential()
        : await promptSecret('approver code: ', 'deciding needs an approver code; set REMIT_APPROVER')
  const credential = presented.replaceAll(/\s/g, '')
  if (!/^[\x21-\x7E]+$/.test(credential)) {
    throw new RemitError('credential_invalid', 'an approver code has letters and digits of ASCII only')
  }
  let told = quiet || invocation.json
  const tell = (observed: string): void => {
    if (told) return
    told = true
    invocation.io.err(`${paint(invocation.io, 'yellow', 'not enforced')}: ${plainLine(observed)}\n`)
  }
  const send = <Answer>(method: string, path: string, body?: unknown): Promise<Answer> =>
    exchange<Answer>(new URL(`${found.adminUrl}${path}`), tell, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${credential}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      // A redirect would carry the credential elsewhere.
      redirect: 'error',
      signal: stopped,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    get: (path, query) => send('GET', withQuery(path, query ?? {})),
    post: (path, body) => send('POST', path, body),
  }
}

async function exchange<Answer>(
  url: URL,
  tell: (observed: string) => void,
  init: RequestInit,
): Promise<Answer> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new RemitError(
      'gateway_unreachable',
      `no gateway answers at \`${url.origin}\`; start one with \`remit start\`, or name it with --admin-url`,
      { cause },
    )
  })
  const observed = response.headers.get(OBSERVING_HEADER)
  if (observed !== null) tell(observed)
  const answer = (await response.json().catch(() => undefined)) as Answer | ErrorAnswer | undefined
  if (response.ok && answer !== undefined) return answer as Answer
  throw asError(url, response.status, answer as ErrorAnswer | undefined)
}

function asError(url: URL, status: number, answer: ErrorAnswer | undefined): RemitError {
  const { code, message } = answer?.error ?? {}
  if (code !== undefined && message !== undefined && Object.hasOwn(ERROR_CODES, code)) {
    return new RemitError(code as ErrorCode, message)
  }
  return new RemitError(
    'gateway_unreachable',
    `\`${url.origin}\` answered ${status} and not as a gateway does`,
  )
}

function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}
