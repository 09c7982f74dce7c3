import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { Caller } from '../gate/gate.ts'
import { challenge } from '../net/challenge.ts'
import { checkHost, type HostGuard } from '../net/check-host.ts'
import { readBody } from '../net/read-body.ts'
import { decodeUtf8Strict, parseStrictJson } from '../net/strict-json.ts'
import { ADAPTERS, SECOND_HOOKS } from './adapters.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import type { HookAnswer, HookAnswers } from './answer-hook.ts'
import { runBy } from './run-by.ts'

export const HOOKS_PATH = '/hooks/v1/'

/** A client that turns the answer into an exit code asks with this header; without it the agent's own JSON is sent. */
export const FORM_HEADER = 'remit-hook-form'
/** The agent's name for the gateway among its MCP servers, whose calls are decided at the MCP door. */
const GATEWAY_HEADER = 'remit-hook-gateway'

export interface HttpHookDeps {
  readonly log: Log
  readonly hostGuard: HostGuard
  readonly bodyCap: number
  readonly answers: HookAnswers
  readonly identify: (request: IncomingMessage) => Promise<Caller>
}

export interface HttpHookDoor {
  serves(request: IncomingMessage): boolean
  handle(request: IncomingMessage, response: ServerResponse): void
}

/**
 * `POST /hooks/v1/{agent}`: the payload of an agent's hook, with the task's token. Answers 200 with the agent's own JSON;
 * to a command's client (`remit-hook-form: command`) 200 = go on, 403 = the tool may not run, with the words for the agent
 * as text, and anything else is to be taken as that.
 */
export function createHttpHookDoor(deps: HttpHookDeps): HttpHookDoor {
  const { answers } = deps

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, origin } = request.headers
    checkHost({ host, origin }, deps.hostGuard)
    if (request.method !== 'POST') {
      throw new RemitError('http_method_refused', 'use POST', { data: { allow: 'POST' } })
    }
    const named = adapterOf(request)
    const payload = parseStrictJson(withoutMark(decodeUtf8Strict(await readBody(request, deps.bodyCap))))
    const adapter = runBy(named, payload)
    const gone = new AbortController()
    response.on('close', () => {
      gone.abort(new RemitError('request_invalid', 'the hook stopped waiting'))
    })
    const told = await answers.answer(adapter, payload, async () => ({
      adapter,
      caller: await deps.identify(request),
      signal: gone.signal,
      ...given('gateway', request.headers[GATEWAY_HEADER]),
      ...given('traceparent', request.headers['traceparent']),
    }))
    send(response, told, request.headers[FORM_HEADER] === 'command')
  }

  return {
    serves: ({ url = '' }) => url.startsWith(HOOKS_PATH),
    handle(request, response) {
      answer(request, response).catch((thrown: unknown) => {
        sendError(deps, response, asRemitError(thrown))
      })
    },
  }
}

function adapterOf({ url = '' }: IncomingMessage): AgentAdapter {
  const agent = url.slice(HOOKS_PATH.length)
  const adapter = ADAPTERS.get(agent) ?? SECOND_HOOKS.get(agent)
  if (adapter !== undefined) return adapter
  throw new RemitError(
    'not_found',
    `there are hooks for ${[...ADAPTERS.keys()].join(', ')}, and none for that agent`,
  )
}

/** Some shells of Windows put a byte order mark before what they hand on. */
function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function given<Name extends string>(
  name: Name,
  value: string | readonly string[] | undefined,
): { readonly [K in Name]?: string } {
  return typeof value === 'string' ? ({ [name]: value } as { [K in Name]: string }) : {}
}

function send(response: ServerResponse, answer: HookAnswer, command: boolean): void {
  if (answer.refused && command) {
    sendText(response, 403, answer.error.message)
    return
  }
  const json = answer.json === undefined ? '' : JSON.stringify(answer.json)
  sendWhole(response, 200, { type: 'application/json', body: json })
}

function sendError({ log }: HttpHookDeps, response: ServerResponse, error: RemitError): void {
  if (error.code === 'internal') log.log('error', 'hook.failed', { detail: error.detail ?? error.message })
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (error.status === 401) response.setHeader('www-authenticate', challenge(error.code))
  sendText(response, error.status === 200 ? 403 : error.status, error.message)
}

function sendText(response: ServerResponse, status: number, words: string): void {
  sendWhole(response, status, { type: 'text/plain; charset=utf-8', body: `${words}\n` })
}

/** With its length, so that every client can tell an answer that was cut off. */
function sendWhole(
  response: ServerResponse,
  status: number,
  { type, body }: { readonly type: string; readonly body: string },
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  })
  response.end(body)
}
