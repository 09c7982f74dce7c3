import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { asRemitError } from '../../src/core/errors.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import { PooledUpstream } from '../../src/mcp/upstream-pool.ts'
import { EraMemory } from '../../src/mcp/upstream-probe.ts'
import type { UpstreamConfig } from '../../src/mcp/upstream.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function upstreamOf(
  transport: UpstreamConfig['transport'],
  era: UpstreamConfig['era'] = 'auto',
): PooledUpstream {
  const config = { key: 'p' as ServerKey, transport, era, session: 'task', timeout: 10_000 } as const
  const upstream = new PooledUpstream(config, { client: { name: 'remit', version: '0' }, log: SILENT })
  cleanups.push(() => upstream.close())
  return upstream
}

/** A server of the initialize era that answers `server/discover` in the given way. */
async function serverThat(
  discover: (response: ServerResponse, id: number) => void,
): Promise<{ transport: UpstreamConfig['transport']; methods: string[] }> {
  const methods: string[] = []
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await readText(request)
    const { id, method } = JSON.parse(raw || '{}') as { id: number; method?: string }
    if (method === undefined) response.writeHead(405).end()
    else methods.push(method)
    if (method === 'server/discover') discover(response, id)
    else if (method === 'initialize') {
      const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: {} }
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ jsonrpc: '2.0', id, result }))
    } else if (method !== undefined) response.writeHead(202).end()
  }
  const server = createServer((request, response) => {
    void respond(request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  cleanups.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(resolve)
      }),
  )
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  return { transport: { kind: 'http', url, headers: {} }, methods }
}

function status(
  code: number,
  error?: { code: number; data?: object },
): (response: ServerResponse, id: number) => void {
  return (response, id) => {
    response.writeHead(code, { 'content-type': error === undefined ? 'text/plain' : 'application/json' })
    response.end(
      error === undefined ? 'no' : JSON.stringify({ jsonrpc: '2.0', id, error: { message: 'no', ...error } }),
    )
  }
}

describe('the era of an HTTP server', () => {
  it.each([
    ['400 in plain text', status(400)],
    ['404 for an unknown session', status(404, { code: -32001 })],
    ['405', status(405)],
    ['200 with method not found', status(200, { code: -32601 })],
    [
      'a version error that names older versions',
      status(400, { code: -32022, data: { supported: ['2025-11-25'] } }),
    ],
  ])('R-MCP-1: %s means the initialize era', async (_name, discover) => {
    const { transport, methods } = await serverThat(discover)
    const session = await upstreamOf(transport).session('a')
    expect(session.info.era).toBe('legacy')
    expect(methods.slice(0, 2)).toEqual(['server/discover', 'initialize'])
  })

  it.each([
    ['401', status(401)],
    ['403', status(403)],
    ['429', status(429)],
    ['500', status(500)],
    ['503 with a JSON-RPC error', status(503, { code: -32603 })],
    ['a header mismatch', status(400, { code: -32020 })],
    [
      'a version error that names newer versions only',
      status(400, { code: -32022, data: { supported: ['2027-01-01'] } }),
    ],
  ])('R-MCP-1: %s says nothing of the era, and nothing else is tried', async (_name, discover) => {
    const { transport, methods } = await serverThat(discover)
    const attempt = upstreamOf(transport).session('a')
    await expect(attempt.catch((error: unknown) => asRemitError(error).code)).resolves.toBe(
      'upstream_unavailable',
    )
    expect(methods).toEqual(['server/discover'])
  })

  it('is asked once, not once for each session', async () => {
    const { transport, methods } = await serverThat(status(400))
    const upstream = upstreamOf(transport)
    await upstream.session('a')
    await upstream.session('b')
    expect(methods.filter((method) => method === 'server/discover')).toHaveLength(1)
  })

  it('is asked again after a while, so that an upgrade is noticed', () => {
    let now = 0
    const memory = new EraMemory(() => now)
    memory.keep('legacy')
    now = 599_999
    expect(memory.recall()?.era).toBe('legacy')
    now = 600_000
    expect(memory.recall()).toBeUndefined()
  })
})

describe('the era of a stdio server', () => {
  const args = [fileURLToPath(new URL('../support/modern-stdio-upstream.ts', import.meta.url))]
  const transport = { kind: 'stdio', command: process.execPath, args, env: {} } as const

  it.each([
    ['auto', 'modern'],
    ['modern', 'modern'],
    ['legacy', 'legacy'],
  ] as const)(
    'R-MCP-1: configured %s, the official SDK’s server is spoken to as %s',
    async (era, expected) => {
      const session = await upstreamOf(transport, era).session('a')
      expect(session.info).toMatchObject({ era: expected, serverInfo: { name: 'both-eras' } })
      const { signal } = new AbortController()
      const heard: string[] = []
      session.onNotification((method) => heard.push(method))
      const request = { method: 'tools/call', params: { name: 'pid' }, signal, clientCapabilities: {} }
      const result = await session.request(request)
      expect(result['content']).toMatchObject([{ type: 'text' }])
      await session.request({ ...request, params: { name: 'announce' } })
      await expect.poll(() => heard, { timeout: 5_000 }).toContain('notifications/tools/list_changed')
    },
  )
})
