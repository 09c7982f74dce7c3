import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { keyOf, resultOf, type Era, type Rpc } from './fuzz-server.ts'

export interface FuzzHttp {
  readonly url: string
  close(): void
}

/** A recording server over HTTP; `ran` hears the key of each call. */
export async function startFuzzHttp(era: Era, server: string, ran: (key: string) => void): Promise<FuzzHttp> {
  const listener = createServer((request, response) => {
    void readText(request).then((body) => {
      if (body === '') return void response.writeHead(request.method === 'DELETE' ? 200 : 405).end()
      const message = JSON.parse(body) as Rpc
      const key = keyOf(server, message)
      if (key !== undefined) ran(key)
      if (message.id === undefined || message.method === undefined) return void response.writeHead(202).end()
      return answer(era, message, response)
    })
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((listener.address() as AddressInfo).port)}/mcp`,
    close: () => {
      listener.closeAllConnections()
      listener.close()
    },
  }
}

function answer(era: Era, message: Rpc, response: ServerResponse): void {
  const head = { 'content-type': 'application/json' }
  const result = resultOf(era, message)
  if (result !== undefined) {
    response.writeHead(200, message.method === 'initialize' ? { ...head, 'mcp-session-id': 'one' } : head)
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }))
    return
  }
  const error = { code: -32601, message: 'method not found' }
  response.writeHead(era === 'modern' ? 404 : 200, head)
  response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, error }))
}
