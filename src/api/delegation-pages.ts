import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Human } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import type { Actor } from '../gate/administration.ts'
import type { DelegationRequest, DelegationRequests } from '../gate/delegation-requests.ts'
import type { DelegableWorkflow } from '../gate/delegable-workflows.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { readBody } from '../net/read-body.ts'
import { readDelegation } from './delegation-form.ts'
import { delegationForm, loginForm, pageOf, problemWords } from './delegation-html.ts'
import { type Html, markup } from './html.ts'
import { csrfMatches, type PageSession, type PageSessions } from './page-sessions.ts'

const PREFIX = '/delegate/'
/** Bytes of a form. */
const MOST_FORM = 65_536

export interface DelegationPagePorts {
  readonly requests: () => Promise<DelegationRequests>
  readonly sessions: PageSessions
  /** @throws RemitError `credential_missing` | `credential_invalid`. */
  readonly authenticate: (authorization: string) => Promise<Actor>
  readonly workflows: (human: Human) => readonly DelegableWorkflow[]
  readonly hostGuard: HostGuard
  readonly random: (size: number) => Uint8Array
  readonly log: Log
}

/** One page to send. */
interface Page {
  readonly status: number
  readonly title: string
  readonly body: Html
  readonly cookie?: string
  /** Where the browser goes at once. */
  readonly next?: string
}

export function servesDelegation(url: string | undefined): boolean {
  return url?.startsWith(PREFIX) === true
}

/**
 * The page on which a human delegates: the consent page of OAuth. Plain HTML without script; every form goes to its own
 * address, and only a person who proved a code in this browser can give or refuse anything.
 */
export function createDelegationPages(
  ports: DelegationPagePorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void serve(ports, request, response)
  }
}

async function serve(
  ports: DelegationPagePorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    send(ports, response, await answer(ports, request).catch((thrown: unknown) => errorOf(ports, thrown)))
  } catch (thrown) {
    ports.log.log('error', 'delegation.page_failed', { detail: asRemitError(thrown).detail })
    response.destroy()
  }
}

async function answer(ports: DelegationPagePorts, request: IncomingMessage): Promise<Page> {
  const { host, origin, cookie } = request.headers
  checkHost({ host, origin }, ports.hostGuard)
  const id = (request.url ?? '').slice(PREFIX.length).split('?')[0] ?? ''
  if (!/^[\w-]{1,128}$/.test(id)) throw new RemitError('not_found', 'there is no such page')
  const requests = await ports.requests()
  const asked = await requests.find(id)
  if (asked === undefined) {
    throw new RemitError(
      'delegation_closed',
      'this request was answered already or is too old; start again in your agent',
    )
  }
  const session = ports.sessions.find(cookie)
  if (request.method === 'GET') return session === undefined ? login(asked) : form(ports, session, asked)
  if (request.method !== 'POST') throw new RemitError('http_method_refused', 'use GET or POST')
  // A form of this page says where it is from, in every browser of today; anything else is not one.
  if (origin === undefined) throw new RemitError('origin_refused', 'a form must say which page it is from')
  return submit(ports, { requests, asked, session, values: await readForm(request) })
}

interface Submission {
  readonly requests: DelegationRequests
  readonly asked: DelegationRequest
  readonly session: PageSession | undefined
  readonly values: URLSearchParams
}

async function submit(ports: DelegationPagePorts, given: Submission): Promise<Page> {
  const { requests, asked, session, values } = given
  if (session === undefined || values.get('action') === 'login') return logIn(ports, asked, values)
  if (!csrfMatches(session, asked.id, values.get('csrf'))) {
    return form(ports, session, asked, {
      values,
      problem: 'This form was not from this session. Look again, and send it again.',
    })
  }
  if (values.get('action') === 'refuse') return goOn('Refused', await requests.refuse(asked.id))
  try {
    await confirmHuman(ports, session, values.get('code') ?? '')
    return goOn('Delegated', await requests.approve(asked.id, session.actor, readDelegation(values)))
  } catch (thrown) {
    const error = asRemitError(thrown)
    if (error.status >= 500 || error.code === 'delegation_closed') throw error
    return form(ports, session, asked, { values, problem: error.message })
  }
}

/**
 * Cookies are not separated by port, so that another program's page on this host may have seen the session: it shows
 * pages, and giving away authority takes the code itself.
 * @throws RemitError `credential_invalid`.
 */
async function confirmHuman(ports: DelegationPagePorts, session: PageSession, code: string): Promise<void> {
  const confirmed = code === '' ? undefined : await ports.authenticate(`Bearer ${code}`)
  const same = confirmed?.human.id === session.actor.human.id
  if (same && confirmed.credential === 'approver' && confirmed.onlyTask === undefined) return
  throw new RemitError('credential_invalid', 'the approver code of this form is not yours; type it again')
}

async function logIn(
  ports: DelegationPagePorts,
  asked: DelegationRequest,
  values: URLSearchParams,
): Promise<Page> {
  const code = values.get('code') ?? ''
  if (code === '') return login(asked, 'Log in first; what you sent was not used.')
  try {
    const actor = await ports.authenticate(`Bearer ${code}`)
    // What lies on the disk proves no human, and a code for one task gives no other.
    if (actor.credential !== 'approver' || actor.onlyTask !== undefined) {
      return login(asked, 'This credential cannot delegate here; use your approver code.')
    }
    const { session, cookie } = ports.sessions.begin(actor)
    return { ...form(ports, session, asked), cookie }
  } catch (thrown) {
    const error = asRemitError(thrown)
    if (error.status >= 500) throw error
    return login(asked, error.message)
  }
}

function login(asked: DelegationRequest, problem?: string): Page {
  return {
    status: problem === undefined ? 200 : 401,
    title: 'An agent asks',
    body: loginForm(asked, problem),
  }
}

function form(
  ports: DelegationPagePorts,
  session: PageSession,
  asked: DelegationRequest,
  again: { readonly values: URLSearchParams; readonly problem?: string } = { values: new URLSearchParams() },
): Page {
  const { human } = session.actor
  const body = delegationForm({
    ...again,
    request: asked,
    human: human.id,
    workflows: ports.workflows(human),
    csrf: session.csrf(asked.id),
  })
  return { status: again.problem === undefined ? 200 : 400, title: 'Delegate a task', body }
}

/** By a page, not a redirect: browsers hold the targets of a form’s redirects against its policy. */
function goOn(title: string, next: string): Page {
  return { status: 200, title, next, body: markup`<p><a href="${next}">Back to your agent</a></p>` }
}

function errorOf({ log }: DelegationPagePorts, thrown: unknown): Page {
  const error = asRemitError(thrown)
  log.log(error.status >= 500 ? 'error' : 'warn', 'delegation.refused', {
    code: error.code,
    detail: error.detail,
  })
  return { status: error.status, title: 'Not possible', body: problemWords(error.message) }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new RemitError('body_type', 'send the form of this page')
  }
  return new URLSearchParams((await readBody(request, MOST_FORM)).toString('utf8'))
}

function send(ports: DelegationPagePorts, response: ServerResponse, page: Page): void {
  if (response.destroyed) return
  const nonce = Buffer.from(ports.random(16)).toString('base64')
  const text = pageOf(page.title, page.body, {
    nonce,
    ...(page.next === undefined ? {} : { next: page.next }),
  })
  response.writeHead(page.status, {
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // Not `no-referrer`, under which browsers hide the origin of a form.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...(page.cookie === undefined ? {} : { 'set-cookie': page.cookie }),
    ...(response.req.complete ? {} : { connection: 'close' }),
  })
  response.end(text)
}
