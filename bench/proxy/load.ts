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

export interface Shape {
  readonly connections: number
  readonly calls: number
  /** Of the argument, which is echoed. */
  readonly bytes: number
  /** Of the answer, when it is not what was sent. */
  readonly answer?: number
}

export const CLIENT_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}

/** `calls` tool calls of 2026-07-28, each connection waiting for its answer before the next. */
export async function load(target: Target, shape: Shape): Promise<Round> {
  const url = new URL(target.url)
  const pool = new Pool(url.origin, { connections: shape.connections, pipelining: 1 })
  const body = requestBody(target, shape)
  const headers = requestHeaders(target)
  const taken: number[] = []
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
      taken.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: shape.connections }, worker))
  const round = latencies(taken, started)
  await pool.close()
  return round
}

/** @param started when the first call was sent, by `performance.now()`. */
export function latencies(taken: readonly number[], started: number): Round {
  const seconds = (performance.now() - started) / 1_000
  const sorted = taken.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), perSecond: taken.length / seconds }
}

/** A request of 2026-07-28. */
export function modernBody(method: string, params: object): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method,
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
      },
    },
  })
}

function requestBody({ tool }: Target, { bytes, answer }: Shape): string {
  const args = { text: 'x'.repeat(bytes), ...(answer === undefined ? {} : { bytes: answer }) }
  return modernBody('tools/call', { name: tool, arguments: args })
}

export function requestHeaders(target: Target, method = 'tools/call'): Record<string, string> {
  return {
    ...CLIENT_HEADERS,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(method === 'tools/call' ? { 'mcp-name': target.tool } : {}),
    ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
  }
}
