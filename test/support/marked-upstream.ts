import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '../../src/core/json.ts'

/** A real MCP server (2026-07-28 over HTTP) that puts its mark into everything that it says. */
export interface MarkedUpstream {
  readonly url: string
  close(): void
}

const TASKS = 'io.modelcontextprotocol/tasks'
const TOOLS = ['echo', 'run', 'long']
/** Enough for a second page. */
const RESOURCES = 1_001

export async function startMarkedUpstream(mark: string): Promise<MarkedUpstream> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(chunks).toString()) as JsonObject
      const result = answer(mark, message['method'] as string, message['params'] as JsonObject)
      const known = { jsonrpc: '2.0', id: message['id'], result: { resultType: 'complete', ...result } }
      const unknown = { jsonrpc: '2.0', id: message['id'], error: { code: -32_601, message: 'not here' } }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(result === undefined ? unknown : known))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function answer(mark: string, method: string, params: JsonObject): JsonObject | undefined {
  const cached = { ttlMs: 60_000, cacheScope: 'private' }
  switch (method) {
    case 'server/discover':
      return {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, extensions: { [TASKS]: {} } },
        instructions: `be ${mark}`,
        ...cached,
      }
    case 'tools/list':
      return { tools: TOOLS.map((name) => toolOf(mark, name)), ...cached }
    case 'prompts/list':
      return { prompts: [{ name: 'greet', description: mark }], ...cached }
    case 'resources/list':
      return { resources: Array.from({ length: RESOURCES }, (_, at) => resourceOf(mark, at)), ...cached }
    case 'resources/templates/list':
      return { resourceTemplates: [{ name: mark, uriTemplate: `note://${mark}/{at}` }], ...cached }
    case 'tools/call':
      return params['name'] === 'long'
        ? taskOf(mark)
        : { content: [{ type: 'text', text: `done by ${mark}` }] }
    case 'prompts/get':
      return { messages: [{ role: 'user', content: { type: 'text', text: mark } }] }
    case 'resources/read':
      return { contents: [{ uri: params['uri'] ?? '', text: mark }], ...cached }
    case 'completion/complete':
      return { completion: { values: [mark] } }
    case 'tasks/get':
    case 'tasks/update':
    case 'tasks/cancel':
      return taskOf(mark)
    default:
      return undefined
  }
}

function toolOf(mark: string, name: string): JsonObject {
  const inputSchema = { type: 'object', properties: { text: { type: 'string' } } }
  return { name, description: `tool of ${mark}`, inputSchema }
}

function resourceOf(mark: string, at: number): JsonObject {
  return { name: `n${String(at)}`, uri: `note://n${String(at)}`, description: mark }
}

function taskOf(mark: string): JsonObject {
  return {
    resultType: 'task',
    taskId: 'up-1',
    status: 'working',
    statusMessage: mark,
    createdAt: '2026-11-25T10:30:00Z',
    lastUpdatedAt: '2026-11-25T10:30:00Z',
    ttlMs: 60_000,
    pollIntervalMs: 60_000,
  }
}
