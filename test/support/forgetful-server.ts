import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

export interface ForgetfulServer {
  readonly url: string
  /** URIs that it was told of, with the number of the session in which. */
  readonly subscribed: string[]
  /** Every session is unknown from now on, and its stream ends: as after a restart. */
  forget(): void
  close(): Promise<void>
}

const INITIALIZED = {
  protocolVersion: '2025-11-25',
  capabilities: { resources: { subscribe: true } },
  serverInfo: { name: 'forgetful', version: '1' },
}

/** A server of 2025-11-25 over HTTP with sessions, streams and subscriptions, which forgets all of them on demand. */
export async function startForgetfulServer(): Promise<ForgetfulServer> {
  const sessions: string[] = []
  const streams = new Set<ServerResponse>()
  const subscribed: string[] = []
  let known = 0
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request)
    const session = sessions.indexOf(String(request.headers['mcp-session-id']))
    const rpc = (body === '' ? {} : JSON.parse(body)) as {
      id?: number
      method?: string
      params?: { uri?: string }
    }
    if (rpc.method === 'server/discover') return void response.writeHead(404).end()
    if (rpc.method === 'initialize') {
      response.setHeader('mcp-session-id', sessions[sessions.push(randomUUID()) - 1] ?? '')
    } else if (session < known) return void response.writeHead(404).end()
    if (request.method === 'GET') {
      streams.add(response)
      // The time after which a broken stream is asked for again, in milliseconds.
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 10\n\n')
      return
    }
    if (rpc.id === undefined) return void response.writeHead(202).end()
    if (rpc.method === 'resources/subscribe') subscribed.push(`${String(session)} ${rpc.params?.uri ?? ''}`)
    const result = rpc.method === 'initialize' ? INITIALIZED : {}
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result }))
  }
  const server = createServer((request, response) => {
    void serve(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`,
    subscribed,
    forget: () => {
      known = sessions.length
      for (const stream of streams) stream.end()
      streams.clear()
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
