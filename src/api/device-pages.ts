import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import type { BrowserDoor } from './browser-door.ts'
import { answeredWords, deviceForm, deviceLogin } from './device-html.ts'
import { refusal } from './login-pages.ts'
import { DELEGATING, reachOf } from './may.ts'
import { problemWords } from './problem-words.ts'
import { readSignedForm } from './read-signed-form.ts'
import type { PlainReply } from './route.ts'
import { type Page, type PageSending, sendPage } from './send-page.ts'
import { sendReply } from './send-reply.ts'

const PATH = '/device'

export interface DevicePagePorts extends PageSending {
  readonly browsers: BrowserDoor
  /** @returns the id of the request behind a code; undefined = none. @throws RemitError `input_invalid` after many. */
  readonly enter: (userCode: string, human: HumanId) => Promise<string | undefined>
  readonly hostGuard: HostGuard
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
    serve(ports, request, response).catch((thrown: unknown) => {
      ports.log.log('error', 'device.page_failed', { detail: asRemitError(thrown).detail })
      response.destroy()
    })
  }
}

async function serve(
  ports: DevicePagePorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST') {
    sendReply(response, await enter(ports, request).catch((thrown: unknown) => refusal(ports.log, thrown)))
    return
  }
  const page = await show(ports, request).catch((thrown: unknown): Page => {
    const { status, message } = asRemitError(thrown)
    return { status, title: 'Not possible', body: problemWords(message) }
  })
  sendPage(ports, response, page)
}

async function show({ browsers, hostGuard }: DevicePagePorts, request: IncomingMessage): Promise<Page> {
  checkHost(request.headers, hostGuard)
  if (request.method !== 'GET') throw new RemitError('http_method_refused', 'use GET or POST')
  // Only words: a code that came with a link is not taken.
  const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '')
  const words = answeredWords(query.get('answer') ?? '')
  if (words !== undefined) return { status: 200, title: 'Answered', body: words }
  const session = await browsers.glance(request)
  if (session !== undefined) reachOf(session.human, DELEGATING, 'delegating')
  const page = { status: 200, title: 'A terminal waits', script: 'device.js' } as const
  return session === undefined
    ? { ...page, body: deviceLogin(browsers.login.oidc.providers) }
    : { ...page, body: deviceForm(), human: session.human.id }
}

async function enter(ports: DevicePagePorts, request: IncomingMessage): Promise<PlainReply> {
  checkHost(request.headers, ports.hostGuard)
  const { actor, values } = await readSignedForm(ports.browsers, request, DELEGATING)
  const id = await ports.enter(values.get('user_code') ?? '', actor.human.id)
  if (id !== undefined) return { status: 200, json: { next: `delegate/${id}` } }
  throw new RemitError(
    'delegation_closed',
    'no terminal waits with this code; codes end after a quarter of an hour',
  )
}
