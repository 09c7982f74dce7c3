import { afterEach, describe, expect, it } from 'vitest'
import { asRemitError } from '../../src/core/errors.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { SILENT } from '../../src/core/log.ts'
import { PooledUpstream, type UpstreamOptions } from '../../src/mcp/upstream-pool.ts'
import { UpstreamRpcError, type UpstreamConfig, type UpstreamRequest } from '../../src/mcp/upstream.ts'
import { startTicketsServer } from '../../demo/tickets-server.ts'
import { startConformanceServer } from '../conformance/conformance-server.ts'
import { startRawUpstream } from '../support/raw-upstream.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function started<S extends { close: () => Promise<void> }>(server: Promise<S>): Promise<S> {
  const running = await server
  cleanups.push(() => running.close())
  return running
}

function upstreamOf(
  url: string,
  config: Partial<UpstreamConfig> = {},
  options: Partial<UpstreamOptions> = {},
): PooledUpstream {
  const upstream = new PooledUpstream(
    {
      key: 'raw' as ServerKey,
      transport: { kind: 'http', url, headers: { 'X-Api-Key': 'k' } },
      era: 'auto',
      session: 'task',
      timeout: 5_000,
      ...config,
    },
    { client: { name: 'remit', version: '1.2.3' }, log: SILENT, ...options },
  )
  cleanups.push(() => upstream.close())
  return upstream
}

function toolCall(name: string, more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  const signal = new AbortController().signal
  return { method: 'tools/call', params: { name, arguments: {} }, signal, clientCapabilities: {}, ...more }
}

async function outcome(promise: Promise<JsonObject>): Promise<string> {
  try {
    return `answered ${JSON.stringify(await promise)}`
  } catch (error) {
    if (error instanceof UpstreamRpcError) return `rpc ${error.rpcCode} ${JSON.stringify(error.data)}`
    return asRemitError(error).code
  }
}

describe.each(['modern', 'legacy'] as const)('a misbehaving %s server', (era) => {
  it.each([
    ['ok', 'answered {"content":[{"type":"text","text":"fine"}]}'],
    ['die', 'upstream_lost'],
    ['not-json', 'upstream_garbage'],
    ['duplicate-keys', 'upstream_garbage'],
    ['wrong-id', 'upstream_garbage'],
    ['unknown-result-type', 'upstream_garbage'],
    ['html', 'upstream_garbage'],
    ['huge', 'upstream_garbage'],
    ['cut-stream', 'upstream_garbage'],
    ['stream-without-answer', 'upstream_garbage'],
    ['accepted', 'upstream_garbage'],
    ['empty', 'upstream_garbage'],
    ['status-500', 'upstream_lost'],
    ['status-401', 'upstream_unavailable'],
    ['redirect', 'upstream_unavailable'],
    ['rpc-error', 'rpc -32602 {"x":1}'],
  ])('R-MCP-2: %s becomes %s', async (tool, expected) => {
    const raw = await started(startRawUpstream(era))
    const session = await upstreamOf(raw.url).session('a')
    expect(session.info.era).toBe(era)
    await expect(outcome(session.request(toolCall(tool)))).resolves.toBe(expected)
    // One bad answer never harms the next call.
    await expect(outcome((await upstreamOf(raw.url).session('a')).request(toolCall('ok')))).resolves.toMatch(
      /^answered/,
    )
  })

  it('R-MCP-2: a hanging call times out, is cancelled upstream, and progress puts the time-out off', async () => {
    const raw = await started(startRawUpstream(era))
    const session = await upstreamOf(raw.url, { timeout: 1_000 }).session('a')
    await expect(outcome(session.request(toolCall('hang')))).resolves.toBe('upstream_timeout')
    await expect.poll(() => raw.abandoned).toContain('hang')
    const tokens: unknown[] = []
    const slow = toolCall('slow', {
      params: { name: 'slow', arguments: {}, _meta: { progressToken: 'mine' } },
      onNotification: (_method, params) => tokens.push(params['progressToken']),
    })
    await expect(outcome(session.request(slow))).resolves.toBe('answered {"done":true}')
    expect(tokens).toEqual(Array.from({ length: 12 }, () => 'mine'))
  })

  it('R-MCP-1: an aborted call is cancelled the way its era wants, and throws the reason', async () => {
    const raw = await started(startRawUpstream(era))
    const session = await upstreamOf(raw.url).session('a')
    const controller = new AbortController()
    const call = session.request(toolCall('hang', { signal: controller.signal }))
    await expect.poll(() => raw.seen.some((seen) => seen.body?.params?.name === 'hang')).toBe(true)
    controller.abort(new Error('changed my mind'))
    await expect(call).rejects.toThrow('changed my mind')
    await expect.poll(() => raw.abandoned).toContain('hang')
    const told = (): boolean => raw.seen.some((seen) => seen.body?.method === 'notifications/cancelled')
    await expect.poll(told).toBe(era === 'legacy')
    const aborted = session.request(toolCall('ok', { signal: controller.signal }))
    await expect(aborted).rejects.toThrow('changed my mind')
    expect(raw.seen.filter((seen) => seen.body?.params?.name === 'ok')).toHaveLength(0)
  })
})

describe('what an HTTP upstream is sent', () => {
  it('R-MCP-1: a modern server gets the envelope, mirrored headers and mirrored capabilities', async () => {
    const raw = await started(startRawUpstream('modern'))
    const session = await upstreamOf(raw.url).session('a')
    const params = {
      name: 'ok',
      arguments: { path: 'ä' },
      _meta: { traceparent: '00-1', 'io.modelcontextprotocol/clientInfo': { name: 'agent' } },
    }
    const headers = { authorization: 'Bearer upstream', 'Mcp-Method': 'tools/list', 'X-API-KEY': 'per-call' }
    await session.request(
      toolCall('ok', { params, headers, clientCapabilities: { elicitation: { url: {} } } }),
    )
    const sent = raw.seen.at(-1)
    expect(sent?.headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'ok',
      authorization: 'Bearer upstream',
      'x-api-key': 'per-call',
    })
    expect(sent?.body?.params?._meta).toEqual({
      traceparent: '00-1',
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'remit', version: '1.2.3' },
      'io.modelcontextprotocol/clientCapabilities': { elicitation: { url: {} } },
    })
    await session.request({ ...toolCall('x'), method: 'resources/read', params: { uri: 'file:///ä b' } })
    expect(raw.seen.at(-1)?.headers['mcp-name']).toBe(
      `=?base64?${Buffer.from('file:///ä b').toString('base64')}?=`,
    )
  })

  it('R-MCP-1: a legacy server gets a session, no envelope, and its session ended', async () => {
    const raw = await started(startRawUpstream('legacy'))
    const upstream = upstreamOf(raw.url)
    const session = await upstream.session('a', { roots: {} })
    const params = {
      name: 'ok',
      arguments: {},
      _meta: { 'io.modelcontextprotocol/logLevel': 'info', keep: 1 },
    }
    await session.request(toolCall('ok', { params }))
    const sent = raw.seen.at(-1)
    expect(sent?.headers['mcp-protocol-version']).toBe('2025-06-18')
    expect(sent?.headers['mcp-session-id']).toMatch(/^s0/)
    expect(sent?.body?.params?._meta).toEqual({ keep: 1 })
    const begun = raw.seen.find((seen) => seen.body?.method === 'initialize')
    expect(begun?.body?.params).toMatchObject({ capabilities: { roots: {} }, clientInfo: { name: 'remit' } })
    await upstream.close()
    expect(raw.seen.at(-1)?.verb).toBe('DELETE')
  })

  it('R-MCP-2: a forgotten session is begun again once, and the refused call sent again', async () => {
    const raw = await started(startRawUpstream('legacy'))
    const session = await upstreamOf(raw.url).session('a')
    raw.forgetSessions()
    const both = [session.request(toolCall('ok')), session.request(toolCall('ok'))].map(outcome)
    await expect(Promise.all(both)).resolves.toEqual([
      expect.stringMatching(/^answered/),
      expect.stringMatching(/^answered/),
    ])
    expect(raw.seen.filter((seen) => seen.body?.method === 'initialize')).toHaveLength(2)
  })

  it('R-REL-1: a stale session that is refused with 400 fails one call, never succeeds silently, and is begun anew', async () => {
    const raw = await started(startRawUpstream('legacy'))
    const upstream = upstreamOf(raw.url)
    const session = await upstream.session('a')
    raw.forgetSessions(400)
    await expect(outcome(session.request(toolCall('ok')))).resolves.toBe('upstream_unavailable')
    const again = await upstream.session('a')
    await expect(outcome(again.request(toolCall('ok')))).resolves.toMatch(/^answered/)
  })

  it('R-MCP-1: a stream that the server breaks off is taken up again where it ended (legacy)', async () => {
    const legacy = await started(startRawUpstream('legacy'))
    const resumed = (await upstreamOf(legacy.url).session('a')).request(toolCall('broken-stream'))
    await expect(outcome(resumed)).resolves.toBe('answered {"resumed":true}')
    const modern = await started(startRawUpstream('modern'))
    const lost = (await upstreamOf(modern.url).session('a')).request(toolCall('broken-stream'))
    await expect(outcome(lost)).resolves.toBe('upstream_garbage')
    const asked = (await upstreamOf(modern.url).session('a')).request(toolCall('server-request'))
    await expect(outcome(asked)).resolves.toBe('upstream_garbage')
  })

  it('nothing is sent to a server that is not there, and the error says so', async () => {
    const raw = await startRawUpstream('modern')
    const upstream = upstreamOf(raw.url)
    const session = await upstream.session('a')
    await raw.close()
    await expect(outcome(session.request(toolCall('ok')))).resolves.toBe('upstream_unavailable')
    expect(upstream.health.state).toBe('down')
  })

  it('R-SEC-1: the gateway’s own port is never an upstream', async () => {
    const raw = await started(startRawUpstream('modern'))
    const ownPorts = (): ReadonlySet<number> => new Set([Number(new URL(raw.url).port)])
    const upstream = upstreamOf(raw.url, {}, { guard: { ownPorts } })
    await expect(upstream.session('a')).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(raw.seen).toHaveLength(0)
  })

  it('R-MCP-2: a slow server holds no more slots than it has, and the rest is told at once', async () => {
    const raw = await started(startRawUpstream('modern'))
    const slots = { running: 2, waiting: 1, patience: 100 }
    const session = await upstreamOf(raw.url, { timeout: 1_000 }, { slots }).session('a')
    const calls = Array.from({ length: 4 }, () => outcome(session.request(toolCall('hang'))))
    await expect(Promise.all(calls)).resolves.toEqual([
      'upstream_timeout',
      'upstream_timeout',
      'overloaded',
      'overloaded',
    ])
  })

  it('sessions: one for each owner, one for all when shared, closed when idle', async () => {
    const raw = await started(startRawUpstream('legacy'))
    const own = upstreamOf(raw.url)
    expect(await own.session('a')).toBe(await own.session('a'))
    expect(await own.session('a')).not.toBe(await own.session('b'))
    expect(await own.session('a', { roots: {} })).not.toBe(await own.session('a'))
    const shared = upstreamOf(raw.url, { session: 'shared' }, { idle: 50 })
    const first = await shared.session('a', { roots: {} })
    expect(first).toBe(await shared.session('b'))
    await expect.poll(() => first.closed).toBe(true)
    expect(await shared.session('a')).not.toBe(first)
  })
})

describe('real servers of the official SDK', () => {
  it.each(['modern', 'legacy'] as const)(
    'R-MCP-1: tools, resources, prompts and completion (%s)',
    async (era) => {
      const server = await started(startTicketsServer({ port: 0 }))
      const session = await upstreamOf(server.url, { era }).session('a')
      const base = { signal: new AbortController().signal, clientCapabilities: {} }
      const tools = await session.request({ ...base, method: 'tools/list', params: {} })
      expect(JSON.stringify(tools)).toContain('close_ticket')
      const closed = toolCall('close_ticket', {
        params: { name: 'close_ticket', arguments: { id: '2', reason: 'done' } },
      })
      await expect(outcome(session.request(closed))).resolves.toContain('closed #2')
      const read = await session.request({ ...base, method: 'resources/read', params: { uri: 'ticket://2' } })
      expect(JSON.stringify(read)).toContain('#2, closed')
      const ref = { type: 'ref/prompt', name: 'triage_ticket' }
      const params = { ref, argument: { name: 'id', value: '1' } }
      const complete = await session.request({ ...base, method: 'completion/complete', params })
      expect(complete).toMatchObject({ completion: { values: ['1', '12'] } })
      await expect(outcome(session.request({ ...base, method: 'no/such', params: {} }))).resolves.toMatch(
        /^rpc -32601/,
      )
    },
  )

  it('R-MCP-3: a legacy server asks the client of the call that caused it', async () => {
    const server = await started(startConformanceServer({ port: 0 }))
    const session = await upstreamOf(server.url, { era: 'legacy' }).session('a', {
      elicitation: {},
      sampling: {},
    })
    const params = { name: 'test_elicitation', arguments: { message: 'Who?' } }
    const asked: string[] = []
    const ask = toolCall('', {
      params,
      onServerRequest: (method, { message }) => {
        asked.push(`${method} ${JSON.stringify(message)}`)
        return Promise.resolve({ action: 'accept', content: { username: 'u', email: 'e@example.com' } })
      },
    })
    await expect(outcome(session.request(ask))).resolves.toContain('action=accept')
    expect(asked).toEqual(['elicitation/create "Who?"'])
    await expect(outcome(session.request(toolCall('', { params })))).resolves.toContain('"isError":true')
  })

  it.each(['modern', 'legacy'] as const)(
    'R-MCP-2: changed lists are heard outside of requests (%s)',
    async (era) => {
      const server = await started(startConformanceServer({ port: 0 }))
      const session = await upstreamOf(server.url, { era }).session('a')
      const heard: string[] = []
      session.onNotification((method) => heard.push(method))
      await expect
        .poll(
          async () => {
            await session.request(toolCall('test_trigger_tool_change'))
            return heard
          },
          { interval: 100, timeout: 5_000 },
        )
        .toContain('notifications/tools/list_changed')
    },
  )

  it('R-MCP-3: a modern server’s `input_required` passes through as it is', async () => {
    const server = await started(startConformanceServer({ port: 0 }))
    const session = await upstreamOf(server.url).session('a')
    const name = 'test_input_required_result_elicitation'
    const result = await session.request(
      toolCall(name, { clientCapabilities: { elicitation: { form: {} } } }),
    )
    expect(result['resultType']).toBe('input_required')
    const refused = outcome(session.request(toolCall(name)))
    await expect(refused).resolves.toMatch(/^rpc -32021/)
  })
})
