import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Human } from '../core/identity.ts'
import type { Log } from '../core/log.ts'
import type { Actor } from '../gate/administration.ts'
import type { DelegationRequest, DelegationRequests } from '../gate/delegation-requests.ts'
import type { DelegableWorkflow } from '../gate/delegable-workflows.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { readDelegation } from './delegation-form.ts'
import { delegationForm, loginForm } from './delegation-html.ts'
import { csrfMatches, type PageSession, type PageSessions } from './page-sessions.ts'
import { problemWords } from './problem-words.ts'
import { proveHuman } from './prove-human.ts'
import { readForm } from './read-form.ts'
import { goOn, type Page, sendPage } from './send-page.ts'

const PREFIX = '/delegate/'

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
    sendPage(ports, response, await answer(ports, request).catch((thrown: unknown) => errorOf(ports, thrown)))
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
  checkWhoTyped(asked, session)
  if (request.method === 'GET') return session === undefined ? login(asked) : form(ports, session, asked)
  if (request.method !== 'POST') throw new RemitError('http_method_refused', 'use GET or POST')
  // A form of this page says where it is from, in every browser of today; anything else is not one.
  if (origin === undefined) throw new RemitError('origin_refused', 'a form must say which page it is from')
  return submit(ports, { requests, asked, session, values: await readForm(request) })
}

/** A code is answered by whoever typed it: a link to somebody else's entry is no way around typing it. */
function checkWhoTyped({ device }: DelegationRequest, session: PageSession | undefined): void {
  if (device === undefined || device.enteredBy === session?.actor.human.id) return
  throw new RemitError(
    'delegation_closed',
    'this page is for whoever typed the code; if a terminal of yours shows one, type it yourself at `/device`',
  )
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
  if (asked.device !== undefined && values.get('seen') !== 'yes') {
    const problem = 'Look at your own terminal: if it does not show this code, refuse.'
    return form(ports, session, asked, { values, problem })
  }
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
  const proved = await proveHuman(ports, values.get('code') ?? '')
  if ('problem' in proved) return login(asked, proved.problem)
  const { session, cookie } = ports.sessions.begin(proved.actor)
  return { ...form(ports, session, asked), cookie }
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

function errorOf({ log }: DelegationPagePorts, thrown: unknown): Page {
  const error = asRemitError(thrown)
  log.log(error.status >= 500 ? 'error' : 'warn', 'delegation.refused', {
    code: error.code,
    detail: error.detail,
  })
  return { status: error.status, title: 'Not possible', body: problemWords(error.message) }
}
