/**
 * The upstream of the proxy benchmark: one tool, `echo`, MCP 2026-07-28 on raw `node:http`, JSON answers. As lean
 * as a server can be, so that what is measured is the proxy.
 */
import { createServer } from 'node:http'

const TOOL = {
  name: 'echo',
  description: 'answers with its argument',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  annotations: { readOnlyHint: true },
}

function answer(method: string, params: { arguments?: { text?: string } }): unknown {
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
      return { resultType: 'complete', tools: [TOOL], ttlMs: 60_000, cacheScope: 'private' }
    case 'tools/call':
      return { resultType: 'complete', content: [{ type: 'text', text: params.arguments?.text ?? '' }] }
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
