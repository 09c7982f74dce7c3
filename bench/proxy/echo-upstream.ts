/**
 * The HTTP upstream of the benchmarks: MCP 2026-07-28 on raw `node:http`, as lean as a server can be, so that what is
 * measured is the proxy. Arguments: `json` or `sse`, how it answers calls; and how many more tools it has.
 */
import { createServer } from 'node:http'
import { blobText, toolsOf } from './echo-tools.ts'

const SSE = process.argv[2] === 'sse'
const TOOLS = toolsOf(Number(process.argv[3] ?? 0))

function answer(method: string, params: { arguments?: { text?: string; bytes?: number } }): unknown {
  switch (method) {
    case 'server/discover':
      return {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        ttlMs: 60_000,
        cacheScope: 'private',
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'echo', version: '1' } },
      }
    case 'tools/list':
      return { resultType: 'complete', tools: TOOLS, ttlMs: 60_000, cacheScope: 'private' }
    case 'tools/call': {
      const { text, bytes } = params.arguments ?? {}
      const told = bytes === undefined ? (text ?? '') : blobText(bytes)
      return { resultType: 'complete', content: [{ type: 'text', text: told }] }
    }
    default:
      return undefined
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString()) as {
      id?: number
      method: string
      params: Record<string, never>
    }
    const result = answer(message.method, message.params)
    const body =
      result === undefined
        ? { jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'method not found' } }
        : { jsonrpc: '2.0', id: message.id, result }
    if (SSE && message.method === 'tools/call') {
      const progress = {
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 1, progress: 1 },
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(progress)}\n\n`)
      response.end(`data: ${JSON.stringify(body)}\n\n`)
      return
    }
    const bytes = Buffer.from(JSON.stringify(body))
    response.writeHead(result === undefined ? 404 : 200, {
      'content-type': 'application/json',
      'content-length': bytes.length,
    })
    response.end(bytes)
  })
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}/mcp`)
})
