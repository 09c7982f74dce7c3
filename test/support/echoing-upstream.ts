import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Message {
  readonly id?: number
  readonly method: string
  readonly params: {
    readonly arguments?: object
    readonly _meta?: { readonly traceparent?: string; readonly tracestate?: string }
  }
}

/** What a call came with. */
export interface HeardCall {
  readonly header: string | undefined
  readonly meta: string | undefined
}

export interface EchoingUpstream {
  readonly url: string
  readonly heard: readonly HeardCall[]
  close(): void
}

const CACHE = { resultType: 'complete', ttlMs: 60_000, cacheScope: 'private' }
const TOOL = { name: 'echo', description: 'says it again', inputSchema: { type: 'object' } }

/** A real MCP server (2026-07-28 over HTTP) whose one tool says again what it was given: arguments, token, trace. */
export async function startEchoingUpstream(): Promise<EchoingUpstream> {
  const heard: HeardCall[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString()) as Message
      const { traceparent, authorization } = request.headers
      const header = typeof traceparent === 'string' ? traceparent : undefined
      if (method === 'tools/call') heard.push({ header, meta: params._meta?.traceparent })
      const text = JSON.stringify({ said: params.arguments, authorization, traceparent: header })
      const results: Readonly<Record<string, object>> = {
        'server/discover': { ...CACHE, supportedVersions: ['2026-07-28'], capabilities: { tools: {} } },
        'tools/list': { ...CACHE, tools: [TOOL] },
        'tools/call': { resultType: 'complete', content: [{ type: 'text', text }] },
      }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => {
    server.once('listening', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    heard,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
