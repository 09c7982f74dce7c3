import { createServer, type Server } from 'node:http'

const toolsOf = (names: readonly string[]): readonly object[] =>
  names.map((name) => ({
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

export interface RecordingOptions {
  /** Names; default `echo` and `wipe`. */
  readonly tools?: readonly string[]
  /** A call that reached it is answered when this resolves. @param call `path` of the URL under which it came. */
  readonly arrived?: (call: { readonly path: string; readonly text: string }) => Promise<void>
}

interface Message {
  readonly id?: number
  readonly method: string
  readonly params: { readonly name?: string; readonly arguments?: Readonly<Record<string, unknown>> }
}

export function startRecordingUpstream({
  tools = ['echo', 'wipe'],
  arrived,
}: RecordingOptions = {}): Promise<RecordingUpstream> {
  const ran: string[] = []
  const listed = toolsOf(tools)
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(chunks).toString()) as Message
      const reply = (): void => {
        const result = answer(message, listed)
        const body =
          result === undefined
            ? { jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'method not found' } }
            : { jsonrpc: '2.0', id: message.id, result }
        response.writeHead(result === undefined ? 404 : 200, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      }
      if (message.method !== 'tools/call') return reply()
      const text = textOf(message)
      ran.push(`${message.params.name}:${text}`)
      if (arrived === undefined) return reply()
      void arrived({ path: request.url ?? '', text }).then(reply)
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

/** Of what it writes or says. */
function textOf({ params }: Message): string {
  return String(params.arguments?.['text'] ?? params.arguments?.['content'])
}

function answer(message: Message, tools: readonly object[]): object | undefined {
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
      return { resultType: 'complete', tools, ttlMs: 60_000, cacheScope: 'private' }
    case 'tools/call':
      return { resultType: 'complete', content: [{ type: 'text', text: 'done' }] }
    default:
      return undefined
  }
}
