import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

export interface QuietServer {
  readonly url: string
  /** Sessions that were begun and not ended, and streams that are open. */
  open(): { readonly sessions: number; readonly streams: number }
  close(): Promise<void>
}

interface Rpc {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly name?: string }
}

const CAPABILITIES = { tools: { listChanged: true } }

/** An HTTP server that says only what it must, and knows who still holds something of it. */
export async function startQuietServer(era: 'modern' | 'legacy'): Promise<QuietServer> {
  const sessions = new Set<string>()
  const streams = new Set<ServerResponse>()
  const stream = (response: ServerResponse): void => {
    streams.add(response)
    response.once('close', () => streams.delete(response))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
  }
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      const session = String(request.headers['mcp-session-id'])
      if (request.method === 'DELETE') {
        sessions.delete(session)
        return response.writeHead(200).end()
      }
      if (request.method === 'GET') return stream(response)
      const rpc = JSON.parse(body) as Rpc
      if (rpc.method === 'server/discover' && era === 'legacy') return response.writeHead(400).end()
      if (rpc.method === 'initialize') {
        const id = randomUUID()
        sessions.add(id)
        response.setHeader('mcp-session-id', id)
      } else if (era === 'legacy' && !sessions.has(session)) return response.writeHead(404).end()
      if (rpc.id === undefined) return response.writeHead(202).end()
      if (rpc.method === 'subscriptions/listen') return stream(response)
      const result = { ...(era === 'modern' ? { resultType: 'complete' } : {}), ...answer(rpc) }
      const say = (): void => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result }))
      }
      if (rpc.params?.name === 'slow') return setTimeout(say, 1_000)
      return say()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`,
    open: () => ({ sessions: sessions.size, streams: streams.size }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function answer({ method }: Rpc): object {
  switch (method) {
    case 'initialize':
      return { protocolVersion: '2025-11-25', capabilities: CAPABILITIES, serverInfo: { name: 'quiet' } }
    case 'server/discover':
      return { supportedVersions: ['2026-07-28'], capabilities: CAPABILITIES }
    case 'tools/list':
      return { tools: ['echo', 'slow'].map((name) => ({ name, inputSchema: { type: 'object' } })) }
    case undefined:
    default:
      return { content: [{ type: 'text', text: 'done' }] }
  }
}
