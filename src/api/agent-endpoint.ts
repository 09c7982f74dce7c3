import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { FleetAgent, StartReport } from '../core/fleet.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { ChildRequest, Delegation, Presented } from '../gate/delegate.ts'
import type { Holding } from '../gate/hold-task.ts'
import { challenge } from '../net/challenge.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { type ReportAnswer, reportBody } from './fleet-contract.ts'
import { delegateBody, emptyBody, type IssuedTaskAnswer } from './contract.ts'
import { presentedToken } from './presented-token.ts'
import { readJson } from './read-json.ts'
import { parseBody, type PlainReply } from './route.ts'
import { sendReply } from './send-reply.ts'

export const DELEGATION_PATH = '/delegate'
export const BINDING_PATH = '/bind'
export const REPORT_PATH = '/agents/v1/report'

export interface AgentPorts {
  readonly delegation: Delegation
  readonly holding: Holding
  /** Takes what an agent tells of itself as it starts. */
  readonly report: (presented: Presented, report: StartReport) => Promise<FleetAgent>
  readonly hostGuard: HostGuard
  /** Base URL of the agent plane as agents know it, without a slash at its end. */
  readonly publicUrl: string
  readonly bodyCap: number
  readonly random: (size: number) => Uint8Array
  readonly log: Log
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void
type Answer = (ports: AgentPorts, presented: Presented, body: unknown) => Promise<PlainReply>

/**
 * What a task token can ask for beside calls, on the agent plane; root tasks, revocations and renewals are the admin
 * plane's, where no task token is heard. `POST /delegate`: a child of its task. `POST /bind`: that the key whose proof
 * comes with it is the only one that may use the task from now on. `POST /agents/v1/report`: what agent works for it, where,
 * and how its hooks stand.
 */
const ANSWERS: Readonly<Record<string, Answer>> = {
  async [DELEGATION_PATH]({ delegation, random }, presented, body) {
    // A parsed body never holds `undefined`, since JSON has none.
    const request = parseBody(delegateBody, body) as ChildRequest
    const issued = await delegation.delegate(presented, request, { requestId: newId('req', random(16)) })
    return { status: 201, json: issued satisfies IssuedTaskAnswer }
  },
  async [BINDING_PATH]({ holding }, presented, body) {
    parseBody(emptyBody, body)
    return { status: 200, json: (await holding.hold(presented)) satisfies IssuedTaskAnswer }
  },
  async [REPORT_PATH]({ report }, presented, body) {
    const told = parseBody(reportBody, body) as StartReport
    return { status: 200, json: { agent: (await report(presented, told)).id } satisfies ReportAnswer }
  },
}

/** @returns who serves a path of these; undefined = it is none. */
export function createAgentEndpoints(ports: AgentPorts): (path: string | undefined) => Listener | undefined {
  return (path = '') => {
    const answer = Object.hasOwn(ANSWERS, path) ? ANSWERS[path] : undefined
    if (answer === undefined) return undefined
    return (request, response) => {
      void serve(ports, answer, { request, response })
    }
  }
}

async function serve(
  ports: AgentPorts,
  answer: Answer,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  try {
    const { host, origin } = request.headers
    const reply = async (): Promise<PlainReply> => {
      checkHost({ host, origin }, ports.hostGuard)
      if (request.method !== 'POST') {
        throw new RemitError('http_method_refused', 'use POST', { data: { allow: 'POST' } })
      }
      const presented = presentedToken(request, ports.publicUrl)
      return answer(ports, presented, await readJson(request, ports.bodyCap))
    }
    sendReply(response, await reply().catch(errorReply))
  } catch (thrown) {
    ports.log.log('error', 'delegation.answer_failed', { detail: asRemitError(thrown).detail })
    response.destroy()
  }
}

function errorReply(thrown: unknown): PlainReply {
  const { code, message, status, data } = asRemitError(thrown)
  // A refused call is an answer to an agent, but no success of HTTP.
  const told = status === 200 ? 403 : status
  const nonce = data?.['nonce']
  const headers = {
    ...(status === 401 ? { 'www-authenticate': challenge(code) } : {}),
    ...(typeof nonce === 'string' ? { 'dpop-nonce': nonce } : {}),
  }
  return {
    status: told,
    headers,
    json: { error: { code, message, ...(data === undefined ? {} : { data }) } },
  }
}
