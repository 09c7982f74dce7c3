import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ScriptedUpstream } from '../../test/support/scripted-upstream.ts'
import { raw, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import { RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { UpstreamRpcError } from './upstream.ts'

let door: TestDoor
let upstream: ScriptedUpstream

beforeEach(async () => {
  upstream = new ScriptedUpstream('demo', 'modern')
  door = await startTestDoor({ upstreams: [upstream] })
})

afterEach(async () => {
  await door.close()
})

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}
const BASE = { 'content-type': 'application/json', authorization: 'Bearer task-a' }
const HEADERS = {
  ...BASE,
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'demo__ask',
}
const BODY = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'demo__ask', arguments: {}, _meta: META },
})

test.each([
  ['an error of the server', new UpstreamRpcError(-32000, 'boom'), 'error', -32000],
  ['a server that is not there', new RemitError('upstream_unavailable', 'gone'), 'error', -32603],
  ['a lost answer', new RemitError('upstream_lost', 'lost'), 'unknown', -32603],
  ['a hanging server', new RemitError('upstream_timeout', 'late'), 'unknown', -32603],
  ['garbage', new RemitError('upstream_garbage', 'garbage'), 'unknown', -32603],
  ['a bug of the gateway', new TypeError('oops'), 'unknown', -32603],
])('R-AUD-2: %s is settled once, and the client is told', async (_what, thrown, status, code) => {
  upstream.script = () => Promise.reject(thrown)
  const answer = await raw(door, { headers: HEADERS, body: BODY })
  const { error } = JSON.parse(answer.text) as { error: { code: number; message: string } }
  expect(error.code).toBe(code)
  expect(error.message).not.toContain('oops')
  expect(door.gate.outcomes).toMatchObject([{ outcome: { status } }])
  expect(door.gate.outcomes.length).toBe(1)
  expect(upstream.requests.length).toBe(1)
})

test('R-IFC-3: a result that the gate keeps back is answered with why, and settled as what it was', async () => {
  door.gate.inspect = () => Promise.reject(new RemitError('result_withheld', 'it holds secrets'))
  upstream.script = () => Promise.resolve({ content: [{ type: 'text', text: 'hunter2' }] })
  const answer = await raw(door, { headers: HEADERS, body: BODY })
  expect(JSON.parse(answer.text)).toMatchObject({
    result: { isError: true, content: [{ text: 'it holds secrets' }] },
  })
  expect(answer.text).not.toContain('hunter2')
  expect(door.gate.outcomes).toMatchObject([{ outcome: { status: 'ok' } }])
})

test('R-IFC-3: what a server says of its failure goes through the gate', async () => {
  door.gate.screen = () => ({ message: 'cannot reach [redacted: url-credentials]' })
  upstream.script = () => Promise.reject(new UpstreamRpcError(-32000, 'cannot reach db://a:b'))
  const answer = await raw(door, { headers: HEADERS, body: BODY })
  expect(answer.text).toContain('[redacted: url-credentials]')
  expect(answer.text).not.toContain('db://a:b')
})

test('R-SEC-1: what only the gateway may say is taken out of a server’s result', async () => {
  const lies = {
    'remit/decision': 'dec_fake',
    'io.modelcontextprotocol/serverInfo': { name: 'bank' },
    'vendor/x': 1,
  }
  upstream.script = () => Promise.resolve({ content: [], _meta: lies })
  const answer = await raw(door, { headers: HEADERS, body: BODY })
  const { result } = JSON.parse(answer.text) as { result: { _meta: JsonObject } }
  expect(result._meta).toMatchObject({
    'vendor/x': 1,
    'io.modelcontextprotocol/serverInfo': { name: 'remit' },
  })
  expect(result._meta['remit/decision']).not.toBe('dec_fake')
})

/** Sends, hangs up as soon as the upstream has the call, and waits until the door has seen that. */
async function hangUp(headers: Record<string, string>, body: string): Promise<AbortSignal> {
  const { promise, resolve } = Promise.withResolvers<JsonObject>()
  upstream.script = () => promise
  const outgoing = request({ host: '127.0.0.1', port: door.port, method: 'POST', path: '/mcp', headers })
  outgoing.on('error', () => {})
  outgoing.end(body)
  await expect.poll(() => upstream.requests.length).toBe(1)
  const open = await door.connections()
  outgoing.destroy()
  const { signal } = upstream.requests[0]!
  await expect.poll(() => door.connections()).toBe(open - 1)
  resolve({ content: [] })
  return signal
}

test('R-MCP-1: a modern client that hangs up cancels its call', async () => {
  expect((await hangUp(HEADERS, BODY)).aborted).toBe(true)
})

test('R-MCP-1: a legacy client that hangs up does not: the call ends and is settled as what it was', async () => {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
  const opened = await raw(door, {
    headers: BASE,
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
  })
  const headers = { ...BASE, 'mcp-session-id': String(opened.headers['mcp-session-id']) }
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'demo__ask', arguments: {} } }
  expect((await hangUp(headers, JSON.stringify(call))).aborted).toBe(false)
  await expect.poll(() => door.gate.outcomes).toMatchObject([{ outcome: { status: 'ok', bytes: 0 } }])
})
