import { Pool } from 'undici'

export interface Target {
  readonly name: string
  readonly url: string
  readonly tool: string
  readonly token?: string
  /** The process whose CPU is counted; absent = none in between. */
  readonly pid?: number
}

export interface Round {
  readonly p50: number
  readonly p99: number
  readonly perSecond: number
}

/** `calls` tool calls over `connections` connections, each waiting for its answer; latencies in milliseconds. */
export async function load(
  target: Target,
  shape: { readonly connections: number; readonly calls: number; readonly bytes: number },
): Promise<Round> {
  const url = new URL(target.url)
  const pool = new Pool(url.origin, { connections: shape.connections, pipelining: 1 })
  const body = requestBody(target, shape.bytes)
  const headers = requestHeaders(target)
  const latencies: number[] = []
  let left = shape.calls
  const started = performance.now()
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const sent = performance.now()
      const answer = await pool.request({ path: url.pathname, method: 'POST', headers, body })
      const text = await answer.body.text()
      if (answer.statusCode !== 200 || !text.includes('"content"') || text.includes('"isError":true')) {
        throw new Error(`${target.name}: ${answer.statusCode} ${text.slice(0, 300)}`)
      }
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: shape.connections }, worker))
  const seconds = (performance.now() - started) / 1_000
  await pool.close()
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), perSecond: shape.calls / seconds }
}

function requestBody(target: Target, bytes: number): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: {
      name: target.tool,
      arguments: { text: 'x'.repeat(bytes) },
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
      },
    },
  })
}

function requestHeaders(target: Target): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': target.tool,
    ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
  }
}
