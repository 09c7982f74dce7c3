import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { Agent } from 'undici'
import { readBody } from '../../net/read-body.ts'
import { asRemitError, RemitError } from '../../core/errors.ts'
import { BOX_TOKEN } from './box-token.ts'
import { agentPath } from '../find-endpoint.ts'
import { sendProved } from '../send-proved.ts'
import type { TaskAccess } from '../task-access.ts'

export interface RelayOptions {
  /** The gateway's MCP endpoint. */
  readonly endpoint: string
  readonly access: Pick<TaskAccess, 'headers' | 'asksForNonce'>
  /** Whether who connected may speak here at all. */
  readonly admits: (connection: { readonly from: number; readonly to: number }) => Promise<boolean>
}

export interface Relay {
  /** On loopback, without a slash at its end. */
  readonly url: string
  /** Good at this relay alone, and as long as it stands. */
  readonly token: string
  close(): Promise<void>
}

/** What an agent uses of its gateway: no door at which another token, or another task, could be had. */
const PATHS = /^\/(?:mcp(?:\/[A-Za-z0-9._-]+)?|hooks\/v1\/[a-z0-9-]+)$/
const METHODS = ['GET', 'POST', 'DELETE'] as const
type Method = (typeof METHODS)[number]
const HANDED_ON =
  /^(?:accept|content-type|user-agent|last-event-id|traceparent|tracestate|mcp-.+|remit-hook-.+)$/
/** The gateway's own; proofs are the relay's business. */
const KEPT_BACK = /^(?:connection|keep-alive|transfer-encoding|dpop-nonce|www-authenticate|set-cookie)$/
/** Bytes; the gateway's own cap is smaller. */
const LONGEST = 16 * 1024 * 1024

/**
 * Stands before the gateway for one agent: takes a token that is worth nothing elsewhere and adds the task's own, with a
 * proof of the key, neither of which the agent ever has.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const token = `${BOX_TOKEN}${randomBytes(32).toString('base64url')}`
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  const admitted = new WeakMap<Socket, Promise<boolean>>()
  const admits = (socket: Socket): Promise<boolean> => {
    const known =
      admitted.get(socket) ?? options.admits({ from: socket.remotePort ?? 0, to: socket.localPort ?? 0 })
    admitted.set(socket, known)
    return known
  }
  const server = createServer((request, response) => {
    const work = async (): Promise<void> => {
      await checkCaller(request, { token, admits })
      await forward(options, agent, { request, response })
    }
    work().catch((thrown: unknown) => {
      refuse(response, asRemitError(thrown))
    })
  })
  // A held call stays silent for as long as a human thinks.
  server.requestTimeout = 0
  await listen(server)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    async close() {
      server.closeAllConnections()
      await Promise.all([
        new Promise((resolve) => {
          server.close(resolve)
        }),
        agent.destroy(),
      ])
    },
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}

async function checkCaller(
  request: IncomingMessage,
  of: { readonly token: string; readonly admits: (socket: Socket) => Promise<boolean> },
): Promise<void> {
  const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  if (!timingSafeEqual(digest(given), digest(of.token))) {
    throw new RemitError('token_invalid', 'this is not the token of this box; it is in REMIT_TOKEN')
  }
  if (await of.admits(request.socket)) return
  throw new RemitError(
    'token_invalid',
    'this relay serves the agent that it was started for, and nobody outside of its box',
  )
}

async function forward(
  { endpoint, access }: RelayOptions,
  agent: Agent,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { url = '', method = '' } = request
  const [path = ''] = url.split('?')
  if (!PATHS.test(path))
    throw new RemitError('not_found', 'an agent in a box has the tools of its task, and its hooks')
  if (!isMethod(method)) throw new RemitError('http_method_refused', 'use POST, GET or DELETE')
  const gone = new AbortController()
  response.on('close', () => {
    gone.abort()
  })
  const target = agentPath(endpoint, path)
  const body = method === 'POST' ? await readBody(request, LONGEST) : undefined
  const answer = await sendProved(access, {
    target,
    options: {
      method,
      dispatcher: agent,
      headers: handedOn(request),
      signal: gone.signal,
      ...(body === undefined ? {} : { body }),
    },
  })
  const headers = Object.entries(answer.headers).filter(([name]) => !KEPT_BACK.test(name))
  response.writeHead(answer.statusCode, Object.fromEntries(headers))
  response.flushHeaders()
  await pipeline(answer.body, response).catch(() => {
    response.destroy()
  })
}

function handedOn({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && HANDED_ON.test(name) ? [[name, value] as const] : [],
    ),
  )
}

function refuse(response: ServerResponse, error: RemitError): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const known =
    error.code === 'internal' ? new RemitError('gateway_unreachable', 'no gateway answers') : error
  response.writeHead(known.status === 200 ? 502 : known.status, {
    'content-type': 'text/plain; charset=utf-8',
  })
  response.end(`${known.message}\n`)
}

function isMethod(method: string): method is Method {
  return (METHODS as readonly string[]).includes(method)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
