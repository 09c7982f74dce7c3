import { createServer, type Server } from 'node:http'

const TOOLS = ['echo', 'wipe'].map((name) => ({
  name,
  description: `${name}s its argument`,
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
}))

/** A real MCP server (2026-07-28 over HTTP) that remembers what it was asked to do: what reached it, ran. */
export interface RecordingUpstream {
  readonly url: string
  /** `tool:text` of every tools/call, in order of arrival. */
  readonly ran: readonly string[]
  close(): void
}

interface Message {
  readonly id?: number
  readonly method: string
  readonly params: { readonly name?: string; readonly arguments?: { readonly text?: string } }
}

export function startRecordingUpstream(): Promise<RecordingUpstream> {
  const ran: string[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(chunks).toString()) as Message
      const result = answer(message, ran)
      const body =
        result === undefined
          ? { jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'method not found' } }
          : { jsonrpc: '2.0', id: message.id, result }
      response.writeHead(result === undefined ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({
        url: `http://127.0.0.1:${port}/mcp`,
        ran,
        close: () => {
          server.closeAllConnections()
          server.close()
        },
      })
    })
  })
}

function answer(message: Message, ran: string[]): object | undefined {
  switch (message.method) {
    case 'server/discover':
      return {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        ttlMs: 60_000,
        cacheScope: 'private',
      }
    case 'tools/list':
      return { resultType: 'complete', tools: TOOLS, ttlMs: 60_000, cacheScope: 'private' }
    case 'tools/call':
      ran.push(`${message.params.name}:${message.params.arguments?.text}`)
      return { resultType: 'complete', content: [{ type: 'text', text: 'done' }] }
    default:
      return undefined
  }
}
