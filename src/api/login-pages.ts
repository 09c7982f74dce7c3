import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { readBody } from '../net/read-body.ts'
import type { BrowserDoor } from './browser-door.ts'
import { LOGIN_ENDPOINTS } from './login-endpoints.ts'
import { accountBody, enrolBody, loginBox, returnedBody } from './login-html.ts'
import { reachOf } from './may.ts'
import { answerCallback, isCallback, RETURNED_PATH } from './oidc-callback.ts'
import { SCRIPT_PREFIX } from './page-scripts.ts'
import { parseJsonBody } from './read-json.ts'
import type { PlainReply } from './route.ts'
import { type Page, type PageSending, sendPage } from './send-page.ts'
import { sendReply } from './send-reply.ts'

export interface LoginPagePorts extends PageSending {
  readonly browsers: BrowserDoor
  readonly hostGuard: HostGuard
  readonly log: Log
}

/** Bytes of a body; an answer of an authenticator is a few hundred. */
const MOST_BODY = 32_768

export function servesLogin(url: string | undefined): boolean {
  return /^\/(login|enrol|pages)(\/|\?|$)/.test(url ?? '')
}

/** `/login`, `/enrol`, what they send, and the scripts of all pages of this plane. */
export function createLoginPages(
  ports: LoginPagePorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(ports, request, response).catch((thrown: unknown) => {
      ports.log.log('error', 'login.answer_failed', { detail: asRemitError(thrown).detail })
      response.destroy()
    })
  }
}

async function serve(
  ports: LoginPagePorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    checkHost(request.headers, ports.hostGuard)
    const path = (request.url ?? '').split('?')[0] ?? ''
    if (request.method === 'POST') sendReply(response, await answerPost(ports, request, path))
    else if (request.method !== 'GET') throw new RemitError('http_method_refused', 'use GET or POST')
    else if (path.startsWith(SCRIPT_PREFIX)) sendReply(response, scriptOf(ports, path))
    else if (isCallback(path)) await answerCallback(ports, request, response)
    else sendPage(ports, response, await pageOf(ports, request, path))
  } catch (thrown) {
    sendReply(response, refusal(ports.log, thrown))
  }
}

async function answerPost(
  ports: LoginPagePorts,
  request: IncomingMessage,
  path: string,
): Promise<PlainReply> {
  const { browsers } = ports
  const endpoint = LOGIN_ENDPOINTS.get(path)
  if (endpoint === undefined) throw new RemitError('not_found', 'there is no such path')
  // What this plane’s pages send says where it is from, in every browser of today.
  if (request.headers.origin === undefined) {
    throw new RemitError('origin_refused', 'a browser says which page it is from; this is for its pages only')
  }
  const bytes = await readBody(request, MOST_BODY)
  const body = parseJsonBody(bytes, request.headers['content-type']) ?? {}
  const agent = request.headers['user-agent'] ?? ''
  if (endpoint.who === 'anyone') {
    const prove: Parameters<typeof endpoint.handle>[1]['prove'] = (key) =>
      browsers.proveKey(request, bytes, key)
    return endpoint.handle(browsers, { body, agent, prove, cookies: request.headers.cookie })
  }
  const session = await browsers.prove(request, bytes)
  reachOf(session.human, endpoint.may, `\`POST ${path}\``)
  return endpoint.handle(browsers, { body, session })
}

async function pageOf({ browsers }: LoginPagePorts, request: IncomingMessage, path: string): Promise<Page> {
  if (path === '/enrol') {
    return { status: 200, title: 'Enrol a passkey', body: enrolBody(), script: 'enrol.js' }
  }
  if (path === RETURNED_PATH) {
    return { status: 200, title: 'Logging in', body: returnedBody(), script: 'returned.js' }
  }
  if (path !== '/login') throw new RemitError('not_found', 'there is no such page')
  // Whose browser has lost the key of its session starts anew.
  const session = request.url?.endsWith('?again') === true ? undefined : await browsers.glance(request)
  const page = { status: 200, script: 'login.js' } as const
  return session === undefined
    ? { ...page, title: 'Log in', body: loginBox(browsers.login.oidc.providers) }
    : { ...page, title: 'Your account', body: accountBody(), human: session.human.id }
}

function scriptOf({ scripts }: LoginPagePorts, path: string): PlainReply {
  const script = scripts.get(path.slice(SCRIPT_PREFIX.length))
  if (script === undefined) throw new RemitError('not_found', 'there is no such script')
  return { status: 200, text: script.text, type: 'text/javascript; charset=utf-8' }
}

/** What a page is told when something did not work; the log says it too. */
export function refusal(log: Log, thrown: unknown): PlainReply {
  const { code, message, status, data, detail } = asRemitError(thrown)
  const expected = code === 'step_up_needed'
  log.log(status >= 500 ? 'error' : expected ? 'debug' : 'warn', 'login.refused', { code, detail })
  return { status, json: { error: { code, message, ...(data === undefined ? {} : { data }) } } }
}
