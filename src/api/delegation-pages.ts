import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Human } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import type { Actor } from '../gate/administration.ts'
import type { DelegationRequest, DelegationRequests } from '../gate/delegation-requests.ts'
import type { DelegableWorkflow } from '../gate/delegable-workflows.ts'
import type { LoginSession } from '../login/sessions.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import type { BrowserDoor } from './browser-door.ts'
import { readDelegation, readStepUp } from './delegation-form.ts'
import { delegationForm, loginForm } from './delegation-html.ts'
import { refusal } from './login-pages.ts'
import { DELEGATING, reachOf } from './may.ts'
import { problemWords } from './problem-words.ts'
import { readSignedForm } from './read-signed-form.ts'
import type { PlainReply } from './route.ts'
import { type Page, type PageSending, sendPage } from './send-page.ts'
import { sendReply } from './send-reply.ts'

const PREFIX = '/delegate/'

export interface DelegationPagePorts extends PageSending {
  readonly requests: () => Promise<DelegationRequests>
  readonly browsers: BrowserDoor
  /** Asks for a fresh proof under this very delegation. */
  readonly sign: SignDelegation
  readonly workflows: (human: Human) => readonly DelegableWorkflow[]
  readonly hostGuard: HostGuard
  readonly log: Log
}

/** @returns the actor with what they signed. @throws RemitError `step_up_needed`, `passkey_refused`, `credential_invalid`. */
export type SignDelegation = (
  actor: Actor,
  asked: DelegationRequest,
  given: {
    readonly delegation: ReturnType<typeof readDelegation>
    readonly answer: ReturnType<typeof readStepUp>
  },
) => Promise<Actor>

export function servesDelegation(url: string | undefined): boolean {
  return url?.startsWith(PREFIX) === true
}

/**
 * The page on which a human delegates: the consent page of OAuth. Looking takes a session; giving or refusing takes the
 * signature of the page that logged in, and giving also a fresh proof of the human under what they give.
 */
export function createDelegationPages(
  ports: DelegationPagePorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    serve(ports, request, response).catch((thrown: unknown) => {
      ports.log.log('error', 'delegation.page_failed', { detail: asRemitError(thrown).detail })
      response.destroy()
    })
  }
}

async function serve(
  ports: DelegationPagePorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    const page = await show(ports, request).catch((thrown: unknown) => errorPage(ports, thrown))
    sendPage(ports, response, page)
    return
  }
  sendReply(response, await submit(ports, request).catch((thrown: unknown) => refusal(ports.log, thrown)))
}

async function show(ports: DelegationPagePorts, request: IncomingMessage): Promise<Page> {
  const { asked, session } = await find(ports, request)
  if (request.method !== 'GET') throw new RemitError('http_method_refused', 'use GET or POST')
  return session === undefined
    ? {
        status: 200,
        title: 'An agent asks',
        body: loginForm(asked, ports.browsers.login.oidc.providers),
        script: 'delegate.js',
      }
    : form(ports, session, asked)
}

async function submit(ports: DelegationPagePorts, request: IncomingMessage): Promise<PlainReply> {
  const { requests, asked } = await find(ports, request)
  const { actor, values } = await readSignedForm(ports.browsers, request, DELEGATING)
  if (values.get('action') === 'refuse') {
    return { status: 200, json: { next: await requests.refuse(asked.id) } }
  }
  if (asked.device !== undefined && values.get('seen') !== 'yes') {
    throw new RemitError('input_invalid', 'look at your own terminal: if it does not show this code, refuse')
  }
  const delegation = readDelegation(values)
  const signed = await ports.sign(actor, asked, { delegation, answer: readStepUp(values) })
  return { status: 200, json: { next: await requests.approve(asked.id, signed, delegation) } }
}

interface Found {
  readonly requests: DelegationRequests
  readonly asked: DelegationRequest
  /** Whom the cookie names. */
  readonly session: LoginSession | undefined
}

async function find(ports: DelegationPagePorts, request: IncomingMessage): Promise<Found> {
  const { url = '', headers } = request
  checkHost({ host: headers.host, origin: headers.origin }, ports.hostGuard)
  const id = url.slice(PREFIX.length).split('?')[0] ?? ''
  if (!/^[\w-]{1,128}$/.test(id)) throw new RemitError('not_found', 'there is no such page')
  const requests = await ports.requests()
  const asked = await requests.find(id)
  if (asked === undefined) {
    throw new RemitError(
      'delegation_closed',
      'this request was answered already or is too old; start again in your agent',
    )
  }
  const session = await ports.browsers.glance(request)
  checkWhoTyped(asked, session)
  return { requests, asked, session }
}

/** A code is answered by whoever typed it: a link to somebody else's entry is no way around typing it. */
function checkWhoTyped({ device }: DelegationRequest, session: LoginSession | undefined): void {
  if (device === undefined || device.enteredBy === session?.human.id) return
  throw new RemitError(
    'delegation_closed',
    'this page is for whoever typed the code; if a terminal of yours shows one, type it yourself at `/device`',
  )
}

async function form(
  { browsers, workflows }: DelegationPagePorts,
  { human }: LoginSession,
  request: DelegationRequest,
): Promise<Page> {
  reachOf(human, DELEGATING, 'delegating')
  const { login } = browsers
  const passkey = login.deps.require === 'passkey' || (await login.passkeys.list(human.id)).length > 0
  const body = delegationForm({ request, human: human.id, workflows: workflows(human), passkey })
  return { status: 200, title: 'Delegate a task', body, script: 'delegate.js', human: human.id }
}

function errorPage({ log }: DelegationPagePorts, thrown: unknown): Page {
  const error = asRemitError(thrown)
  log.log(error.status >= 500 ? 'error' : 'warn', 'delegation.refused', {
    code: error.code,
    detail: error.detail,
  })
  return { status: error.status, title: 'Not possible', body: problemWords(error.message) }
}
