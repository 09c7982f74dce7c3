import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { ChildRequest, Delegation } from '../gate/delegate.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { delegateBody, type IssuedTaskAnswer } from './contract.ts'
import { readJson } from './read-json.ts'
import { parseBody, type Reply } from './route.ts'
import { sendReply } from './send-reply.ts'

export const DELEGATION_PATH = '/delegate'

export interface DelegationPorts {
  readonly delegation: Delegation
  readonly hostGuard: HostGuard
  readonly bodyCap: number
  readonly random: (size: number) => Uint8Array
  readonly log: Log
}

/**
 * `POST /delegate` on the agent plane, with a task token: a child of its task. It is the only thing that a task token can
 * ask for beside calls; root tasks, revocations and renewals are the admin plane's, where no task token is heard.
 */
export function createDelegationEndpoint(
  ports: DelegationPorts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void serve(ports, request, response)
  }
}

async function serve(
  ports: DelegationPorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    sendReply(response, await answer(ports, request).catch(errorReply))
  } catch (thrown) {
    ports.log.log('error', 'delegation.answer_failed', { detail: asRemitError(thrown).detail })
    response.destroy()
  }
}

async function answer(ports: DelegationPorts, request: IncomingMessage): Promise<Reply> {
  const { host, origin, authorization } = request.headers
  checkHost({ host, origin }, ports.hostGuard)
  if (request.method !== 'POST') {
    throw new RemitError('http_method_refused', 'use POST', { data: { allow: 'POST' } })
  }
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) {
    throw new RemitError('token_missing', 'delegating needs the token of a task: `Authorization: Bearer …`')
  }
  const body = parseBody(delegateBody, await readJson(request, ports.bodyCap))
  const requestId = newId('req', ports.random(16))
  // A parsed body never holds `undefined`, since JSON has none.
  const issued = await ports.delegation.delegate(token, body as ChildRequest, { requestId })
  return { status: 201, json: issued satisfies IssuedTaskAnswer }
}

function errorReply(thrown: unknown): Reply {
  const { code, message, status, data } = asRemitError(thrown)
  // A refused call is an answer to an agent, but no success of HTTP.
  const told = status === 200 ? 403 : status
  return { status: told, json: { error: { code, message, ...(data === undefined ? {} : { data }) } } }
}
