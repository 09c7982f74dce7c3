import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Actor } from '../gate/administration.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { answeredWords, deviceForm, deviceLogin } from './device-html.ts'
import { csrfMatches, type PageSession, type PageSessions } from './page-sessions.ts'
import { problemWords } from './problem-words.ts'
import { proveHuman } from './prove-human.ts'
import { readForm } from './read-form.ts'
import { goOn, type Page, sendPage } from './send-page.ts'

const PATH = '/device'

export interface DevicePagePorts {
  readonly sessions: PageSessions
  /** @throws RemitError `credential_missing` | `credential_invalid`. */
  readonly authenticate: (authorization: string) => Promise<Actor>
  /** @returns the id of the request behind a code; undefined = none. @throws RemitError `input_invalid` after many. */
  readonly enter: (userCode: string, human: HumanId) => Promise<string | undefined>
  readonly hostGuard: HostGuard
  readonly random: (size: number) => Uint8Array
  readonly log: Log
}

export function servesDevices(url: string | undefined): boolean {
  return url?.split('?')[0] === PATH
}

/**
 * Where people type the code that a terminal shows (RFC 8628 §3.3). They log in first, so that guesses are somebody's and
 * are counted; what they then see and answer is the page on which every task is delegated.
 */
export function createDevicePages(
  ports: DevicePagePorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void serve(ports, request, response)
  }
}

async function serve(
  ports: DevicePagePorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    sendPage(ports, response, await answer(ports, request).catch((thrown: unknown) => refusal(ports, thrown)))
  } catch (thrown) {
    ports.log.log('error', 'device.page_failed', { detail: asRemitError(thrown).detail })
    response.destroy()
  }
}

async function answer(ports: DevicePagePorts, request: IncomingMessage): Promise<Page> {
  const { host, origin, cookie } = request.headers
  checkHost({ host, origin }, ports.hostGuard)
  const session = ports.sessions.find(cookie)
  if (request.method === 'GET') {
    // Only words: a code that came with a link is not taken.
    const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '')
    const words = answeredWords(query.get('answer') ?? '')
    if (words !== undefined) return { status: 200, title: 'Answered', body: words }
    return session === undefined ? login() : form(session)
  }
  if (request.method !== 'POST') throw new RemitError('http_method_refused', 'use GET or POST')
  if (origin === undefined) throw new RemitError('origin_refused', 'a form must say which page it is from')
  const values = await readForm(request)
  if (session === undefined || values.get('action') === 'login') return logIn(ports, values)
  if (!csrfMatches(session, PATH, values.get('csrf'))) {
    return form(session, 'This form was not from this session. Look again, and send it again.')
  }
  return enter(ports, session, values.get('user_code') ?? '')
}

async function enter(ports: DevicePagePorts, session: PageSession, userCode: string): Promise<Page> {
  try {
    const id = await ports.enter(userCode, session.actor.human.id)
    if (id !== undefined) return goOn('Found', `delegate/${id}`, 'See who asks')
    return form(session, 'No terminal waits with this code. Codes end after a quarter of an hour.')
  } catch (thrown) {
    const error = asRemitError(thrown)
    if (error.status >= 500) throw error
    return form(session, error.message)
  }
}

async function logIn(ports: DevicePagePorts, values: URLSearchParams): Promise<Page> {
  const proved = await proveHuman(ports, values.get('code') ?? '')
  if ('problem' in proved) return login(proved.problem)
  const { session, cookie } = ports.sessions.begin(proved.actor)
  return { ...form(session), cookie }
}

function login(problem?: string): Page {
  return { status: problem === undefined ? 200 : 401, title: 'A terminal waits', body: deviceLogin(problem) }
}

function form(session: PageSession, problem?: string): Page {
  const body = deviceForm(session.csrf(PATH), problem)
  return { status: problem === undefined ? 200 : 400, title: 'A terminal waits', body }
}

function refusal({ log }: DevicePagePorts, thrown: unknown): Page {
  const error = asRemitError(thrown)
  log.log(error.status >= 500 ? 'error' : 'warn', 'device.refused', {
    code: error.code,
    detail: error.detail,
  })
  return { status: error.status, title: 'Not possible', body: problemWords(error.message) }
}
