import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

interface Rpc {
  readonly id?: number
  readonly method: string
  readonly params?: { readonly name?: string; readonly _meta?: Readonly<Record<string, unknown>> }
}

export interface Seen {
  readonly headers: IncomingHttpHeaders
  readonly verb: string
  readonly body: Rpc | undefined
}

export interface RawUpstream {
  readonly url: string
  readonly seen: Seen[]
  /** Requests whose connection the client closed before they were answered. */
  readonly abandoned: string[]
  /** From now on the session that was handed out is unknown. */
  /** `as`: how it says so. 404 is what the specification wants; SDKs and frameworks also answer 400 with an error. */
  forgetSessions(as?: 404 | 400): void
  close(): Promise<void>
}

type Act = (rpc: Rpc, response: ServerResponse) => void

/** An HTTP upstream without any SDK that does what the called tool's name says: mostly harm. */
export async function startRawUpstream(era: 'modern' | 'legacy'): Promise<RawUpstream> {
  const seen: Seen[] = []
  const abandoned: string[] = []
  const sessions = new Set<string>()
  let refusal = 404
  const refuseSession = (response: ServerResponse): void => {
    const error = { code: -32000, message: 'Bad Request: No valid session ID provided' }
    if (refusal === 404) response.writeHead(404).end()
    else json(response, JSON.stringify({ jsonrpc: '2.0', error, id: null }), refusal)
  }
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await readText(request)
    const body = raw === '' ? undefined : (JSON.parse(raw) as Rpc)
    seen.push({ headers: request.headers, verb: request.method ?? '', body })
    const resumed = request.headers['last-event-id']
    if (typeof resumed === 'string') {
      const rpc = { id: Number(resumed), method: 'tools/call' }
      response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end(`data: ${answer(rpc, { resumed: true })}\n\n`)
      return
    }
    if (body?.method === undefined) {
      response.writeHead(request.method === 'GET' ? 405 : 202).end()
      return
    }
    response.once('close', () => {
      if (!response.writableFinished) abandoned.push(body.params?.name ?? body.method)
    })
    if (era === 'legacy' && !openLegacy({ request, response, body, sessions, refuseSession })) return
    const act = ACTS[body.params?.name ?? body.method] ?? ACTS['ok']
    act?.(body, response)
  }
  const server = createServer((request, response) => {
    void respond(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    seen,
    abandoned,
    forgetSessions: (as = 404) => {
      sessions.clear()
      refusal = as
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

/** @returns false when the request is answered already. */
function openLegacy(options: {
  request: IncomingMessage
  response: ServerResponse
  body: Rpc
  sessions: Set<string>
  refuseSession: (response: ServerResponse) => void
}): boolean {
  const { request, response, body, sessions, refuseSession } = options
  if (body.method === 'server/discover') {
    response.writeHead(400, { 'content-type': 'text/plain' }).end('no session')
    return false
  }
  if (body.method === 'initialize') {
    const id = `s${Math.random()}`
    sessions.add(id)
    response.setHeader('mcp-session-id', id)
    json(
      response,
      answer(body, { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'raw' } }),
    )
    return false
  }
  if (!sessions.has(String(request.headers['mcp-session-id']))) {
    refuseSession(response)
    return false
  }
  if (body.id === undefined) {
    response.writeHead(202).end()
    return false
  }
  return true
}

const ACTS: Readonly<Record<string, Act>> = {
  'server/discover': (rpc, response) => {
    json(
      response,
      answer(rpc, { supportedVersions: ['2026-07-28'], capabilities: {}, resultType: 'complete' }),
    )
  },
  ok: (rpc, response) => {
    json(response, answer(rpc, { content: [{ type: 'text', text: 'fine' }] }))
  },
  hang: () => {},
  die: (_rpc, response) => {
    response.destroy()
  },
  'not-json': (_rpc, response) => {
    json(response, 'this is not JSON')
  },
  'duplicate-keys': (rpc, response) => {
    json(response, `{"jsonrpc":"2.0","id":${rpc.id},"result":{"a":1,"a":2}}`)
  },
  'wrong-id': (rpc, response) => {
    json(response, answer({ ...rpc, id: 424_242 }, {}))
  },
  'unknown-result-type': (rpc, response) => {
    json(response, answer(rpc, { resultType: 'surprise' }))
  },
  html: (_rpc, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>')
  },
  huge: (_rpc, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (let index = 0; index < 20; index += 1) response.write(Buffer.alloc(1024 * 1024, 0x20))
    response.end()
  },
  'cut-stream': (rpc, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(`data: ${answer(rpc, {}).slice(0, 20)}`)
  },
  'stream-without-answer': (_rpc, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n')
  },
  'broken-stream': (rpc, response) => {
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(`id: ${rpc.id}\nretry: 10\ndata:\n\n`)
  },
  'server-request': (_rpc, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(
      'data: {"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"message":"?"}}\n\n',
    )
  },
  slow: (rpc, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const progressToken = rpc.params?._meta?.['progressToken']
    let progress = 0
    const timer = setInterval(() => {
      progress += 1
      const params = { progressToken, progress }
      response.write(
        `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params })}\n\n`,
      )
      if (progress < 12) return
      clearInterval(timer)
      response.end(`data: ${answer(rpc, { done: true })}\n\n`)
    }, 100)
  },
  'status-500': (_rpc, response) => {
    response.writeHead(500).end('boom')
  },
  'status-401': (_rpc, response) => {
    response.writeHead(401).end('who are you')
  },
  redirect: (_rpc, response) => {
    response.writeHead(307, { location: 'http://169.254.169.254/' }).end()
  },
  accepted: (_rpc, response) => {
    response.writeHead(202).end()
  },
  empty: (_rpc, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end()
  },
  'rpc-error': (rpc, response) => {
    json(
      response,
      JSON.stringify({ jsonrpc: '2.0', id: rpc.id, error: { code: -32602, message: 'no', data: { x: 1 } } }),
      400,
    )
  },
}

function json(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

function answer(rpc: Rpc, result: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result })
}
