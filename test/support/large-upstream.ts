import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { largeResponse, smallResult } from './large-result.ts'

export interface LargeUpstream {
  readonly url: string
  close(): Promise<void>
}

/**
 * An HTTP upstream of 2026-07-28 whose one tool answers with about `bytes` bytes, as JSON or as an event. They are made
 * before the first call, so that whoever watches this process sees the gateway alone.
 */
export async function startLargeUpstream(form: 'json' | 'sse', bytes: number): Promise<LargeUpstream> {
  const templates = new Map<number, string>()
  for (let id = 1; id < 8; id += 1) templates.set(id, largeResponse(id, bytes))
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A large request is not parsed either.
    const [, number, method = ''] = /"id":(\d+),"method":"([^"]+)"/.exec(await readText(request)) ?? []
    const id = Number(number)
    const result = smallResult(method)
    const text = result === undefined ? templates.get(id) : JSON.stringify({ jsonrpc: '2.0', id, result })
    const type = form === 'json' ? 'application/json' : 'text/event-stream'
    response.writeHead(200, { 'content-type': type })
    response.end(form === 'json' ? text : `event: message\ndata: ${text}\n\n`)
  }
  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}
