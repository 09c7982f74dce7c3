import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { CAPABILITIES, tattle, type Channels, type Rpc } from './tattling-server.ts'

export interface TattlingServer {
  readonly url: string
  close(): Promise<void>
}

interface Session {
  readonly streams: Set<ServerResponse>
  /** Who waits for the answer to the session's question. */
  answered: (answer: unknown) => void
}

const MODERN = {
  resultType: 'complete',
  supportedVersions: ['2026-07-28'],
  capabilities: CAPABILITIES,
}

/** The tattling server over HTTP. Of the initialize era it has sessions, and asks its clients. */
export async function startTattlingServer(era: 'modern' | 'legacy', port = 0): Promise<TattlingServer> {
  const sessions = new Map<string, Session>()
  const everywhere = newSession()
  const server = createServer((request, response) => {
    void serve(request, response)
  })
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request)
    const session = sessions.get(String(request.headers['mcp-session-id'])) ?? everywhere
    if (request.method === 'GET') return open(response, session)
    if (body === '') return void response.writeHead(200).end()
    const rpc = JSON.parse(body) as Rpc & { readonly result?: unknown }
    if (rpc.method === undefined) session.answered(rpc.result)
    if (rpc.id === undefined || rpc.method === undefined) return void response.writeHead(202).end()
    if (rpc.method === 'initialize') return initialize(rpc, response, sessions)
    if (rpc.method === 'server/discover' && era === 'legacy') return void response.writeHead(404).end()
    if (rpc.method === 'subscriptions/listen') {
      open(response, session)
      const { notifications } = rpc.params as { readonly notifications?: object }
      const method = 'notifications/subscriptions/acknowledged'
      speak(response)({ jsonrpc: '2.0', method, params: { notifications } })
      return
    }
    await answer(rpc, response, { era, session })
  }
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function initialize(rpc: Rpc, response: ServerResponse, sessions: Map<string, Session>): void {
  const id = randomUUID()
  sessions.set(id, newSession())
  const result = {
    protocolVersion: '2025-11-25',
    capabilities: CAPABILITIES,
    serverInfo: { name: 'tattler' },
  }
  response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': id })
  response.end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result }))
}

async function answer(
  rpc: Rpc,
  response: ServerResponse,
  { era, session }: { era: 'modern' | 'legacy'; session: Session },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const own = speak(response)
  const ask = era === 'modern' ? {} : { ask: asker(own, session) }
  const channels: Channels = {
    own,
    unasked: (message) => {
      // In 2026-07-28 nothing but notifications comes unasked; anything else ends the stream.
      if (era === 'modern' && 'id' in message) return
      for (const stream of session.streams) speak(stream)(message)
    },
    ...ask,
  }
  const result = rpc.method === 'server/discover' ? MODERN : await tattle(rpc, channels)
  const full = era === 'modern' ? { resultType: 'complete', ...result } : result
  own({ jsonrpc: '2.0', id: rpc.id, result: full })
  response.end()
}

/** The id of its question is the same in every session, on purpose. */
function asker(own: (message: object) => void, session: Session): NonNullable<Channels['ask']> {
  return (method, params) =>
    new Promise((resolve) => {
      session.answered = resolve
      own({ jsonrpc: '2.0', id: 'question', method, params })
    })
}

function newSession(): Session {
  return { streams: new Set(), answered: () => {} }
}

function open(response: ServerResponse, session: Session): void {
  session.streams.add(response)
  response.once('close', () => session.streams.delete(response))
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(': open\n\n')
}

function speak(response: ServerResponse): (message: object) => void {
  return (message) => {
    response.write(`data: ${JSON.stringify(message)}\n\n`)
  }
}
