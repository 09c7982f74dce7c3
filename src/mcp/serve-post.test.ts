import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSampleServer, type SampleServer } from '../../test/support/sample-server.ts'
import {
  httpUpstream,
  raw,
  startTestDoor,
  type RawAnswer,
  type TestDoor,
} from '../../test/support/test-door.ts'

let sample: SampleServer
let door: TestDoor

beforeAll(async () => {
  sample = await startSampleServer()
  door = await startTestDoor({ upstreams: [httpUpstream('demo', sample.url)], limits: { body: 64 * 1024 } })
})

afterAll(async () => {
  await door.close()
  await sample.close()
})

const VERSION = '2026-07-28'
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientCapabilities': {},
}

interface Message {
  readonly jsonrpc: string
  readonly id?: unknown
  readonly method: string
  readonly params: Record<string, unknown>
}

const call = (over: Record<string, unknown> = {}): Message => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name: 'demo__echo', arguments: { text: 'x' }, _meta: META, ...over },
})

const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  authorization: 'Bearer task-a',
  'mcp-protocol-version': VERSION,
  'mcp-method': 'tools/call',
  'mcp-name': 'demo__echo',
}

const post = (
  body: unknown,
  headers: Record<string, string | undefined> = {},
  path = '/mcp',
): Promise<RawAnswer> => {
  const merged = Object.entries({ ...HEADERS, ...headers }).filter((entry) => entry[1] !== undefined)
  return raw(door, {
    path,
    headers: Object.fromEntries(merged) as Record<string, string>,
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  })
}

const errorOf = (answer: RawAnswer): { code: number; message: string; data?: { code: string } } =>
  (JSON.parse(answer.text) as { error: { code: number; message: string; data?: { code: string } } }).error

test('the request that the table below bends is good', async () => {
  const answer = await post(call())
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json')
  const { id, result } = JSON.parse(answer.text) as { id: number; result: Record<string, unknown> }
  expect(id).toBe(7)
  expect(result['resultType']).toBe('complete')
  expect(result['_meta']).toMatchObject({ 'io.modelcontextprotocol/serverInfo': { name: 'remit' } })
})

interface Bad {
  readonly what: string
  readonly send: () => Promise<RawAnswer>
  readonly status: number
  readonly code: string
  readonly rpc?: number
}

const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }
const legacy = { 'mcp-protocol-version': '2025-11-25', 'mcp-method': undefined, 'mcp-name': undefined }
const wrongVersion = { ...META, 'io.modelcontextprotocol/protocolVersion': '2031-01-01' }

const BAD: readonly Bad[] = [
  { what: 'malformed JSON', send: () => post('{"jsonrpc":'), status: 400, code: 'json_invalid', rpc: -32700 },
  {
    what: 'a duplicate key',
    send: () => post('{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}'),
    status: 400,
    code: 'json_duplicate_key',
    rpc: -32700,
  },
  {
    what: 'an unsafe integer',
    send: () => post(JSON.stringify(call()).replace('"x"', '9007199254740993')),
    status: 400,
    code: 'json_unsafe_number',
    rpc: -32700,
  },
  {
    what: 'invalid UTF-8',
    send: () => post(Buffer.from([0x22, 0xff, 0x22])),
    status: 400,
    code: 'json_invalid',
    rpc: -32700,
  },
  { what: 'a batch', send: () => post([call()]), status: 400, code: 'batch_refused', rpc: -32600 },
  {
    what: 'what is no JSON-RPC',
    send: () => post({ method: 'ping' }),
    status: 400,
    code: 'request_invalid',
    rpc: -32600,
  },
  {
    what: 'an id of null',
    send: () => post({ ...call(), id: null }),
    status: 400,
    code: 'request_invalid',
  },
  {
    what: 'a POSTed response, modern',
    send: () => post({ jsonrpc: '2.0', id: 1, result: {} }),
    status: 400,
    code: 'request_invalid',
  },
  {
    what: 'initialize under a modern header',
    send: () => post(initialize),
    status: 400,
    code: 'header_mismatch',
    rpc: -32020,
  },
  {
    what: 'a modern header without an envelope',
    send: () => post(call({ _meta: {} })),
    status: 400,
    code: 'params_invalid',
    rpc: -32602,
  },
  {
    what: 'a version of the future',
    send: () => post(call({ _meta: wrongVersion }), { 'mcp-protocol-version': '2031-01-01' }),
    status: 400,
    code: 'version_unsupported',
    rpc: -32022,
  },
  {
    what: 'a legacy version that never was',
    send: () => post(initialize, { ...legacy, 'mcp-protocol-version': '2024-12-24' }),
    status: 400,
    code: 'version_unsupported',
  },
  {
    what: 'a header that names another tool',
    send: () => post(call(), { 'mcp-name': 'demo__harmless' }),
    status: 400,
    code: 'header_mismatch',
    rpc: -32020,
  },
  {
    what: 'a header that names another method',
    send: () => post(call(), { 'mcp-method': 'tools/list' }),
    status: 400,
    code: 'header_mismatch',
    rpc: -32020,
  },
  {
    what: 'no method header',
    send: () => post(call(), { 'mcp-method': undefined }),
    status: 400,
    code: 'header_mismatch',
    rpc: -32020,
  },
  {
    what: 'a foreign Host',
    send: () => post(call(), { host: 'evil.example' }),
    status: 403,
    code: 'host_refused',
  },
  {
    what: 'a foreign Origin',
    send: () => post(call(), { origin: 'https://evil.example' }),
    status: 403,
    code: 'origin_refused',
  },
  {
    what: 'a body over the cap',
    send: () => post(call({ arguments: { text: 'x'.repeat(70_000) } })),
    status: 413,
    code: 'body_too_large',
  },
  {
    what: 'another content type',
    send: () => post(call(), { 'content-type': 'text/plain' }),
    status: 415,
    code: 'body_type',
  },
  {
    what: 'a compressed body',
    send: () => post(call(), { 'content-encoding': 'gzip' }),
    status: 415,
    code: 'body_encoding',
  },
  {
    what: 'an unknown method',
    send: () => post({ ...call(), method: 'vendor/x' }, { 'mcp-method': 'vendor/x' }),
    status: 404,
    code: 'method_unknown',
    rpc: -32601,
  },
  {
    what: 'a method of the other era',
    send: () => post({ ...call(), method: 'ping' }, { 'mcp-method': 'ping' }),
    status: 404,
    code: 'method_unknown',
    rpc: -32601,
  },
  {
    what: 'an unknown tool',
    send: () => post(call({ name: 'demo__nope' }), { 'mcp-name': 'demo__nope' }),
    status: 200,
    code: 'tool_unknown',
    rpc: -32602,
  },
  {
    what: 'a name longer than any',
    send: () => post(call({ name: 'L'.repeat(1_025) }), { 'mcp-name': 'L'.repeat(1_025) }),
    status: 200,
    code: 'params_invalid',
    rpc: -32602,
  },
  {
    what: 'arguments that are no object',
    send: () => post(call({ arguments: [1] })),
    status: 200,
    code: 'params_invalid',
    rpc: -32602,
  },
  {
    what: 'a request state that was not made here',
    send: () => post(call({ requestState: 'AAAA' })),
    status: 200,
    code: 'params_invalid',
  },
  {
    what: 'no token',
    send: () => post(call(), { authorization: undefined }),
    status: 401,
    code: 'token_missing',
  },
  {
    what: 'an expired token',
    send: () => post(call(), { authorization: 'Bearer expired' }),
    status: 401,
    code: 'token_expired',
  },
  {
    what: 'another scheme',
    send: () => post(call(), { authorization: 'Basic eDp5' }),
    status: 401,
    code: 'token_invalid',
  },
  {
    what: 'a token in the URL',
    send: () => post(call(), {}, '/mcp?access_token=task-a'),
    status: 401,
    code: 'token_invalid',
  },
  {
    what: 'no session, legacy',
    send: () => post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, legacy),
    status: 400,
    code: 'session_missing',
  },
  {
    what: 'an unknown server',
    send: () => post(call(), {}, '/mcp/nobody'),
    status: 404,
    code: 'not_found',
  },
  {
    what: 'a PUT',
    send: () => raw(door, { method: 'PUT', headers: { ...HEADERS }, body: '{}' }),
    status: 405,
    code: 'http_method_refused',
  },
  {
    what: 'a GET without a session',
    send: () => raw(door, { method: 'GET', headers: { ...HEADERS } }),
    status: 405,
    code: 'http_method_refused',
  },
]

describe('R-SEC-1, R-MCP-3: bad input is refused, nothing runs, nothing is asked of the gate', () => {
  test.each(BAD)('$what', async ({ send, status, code, rpc }) => {
    const asked = door.gate.calls.length
    const ran = sample.ran.length
    const answer = await send()
    const error = errorOf(answer)
    expect({ status: answer.status, code: error.data?.code }).toEqual({ status, code })
    expect(error.code).toBe(rpc ?? error.code)
    expect(error.message).toMatch(/^[^A-Z]/)
    expect(door.gate.calls.length).toBe(asked)
    expect(sample.ran.length).toBe(ran)
  })
})

test('an error names the request that it answers', async () => {
  const answer = await post(call(), { 'mcp-method': 'tools/list' })
  expect((JSON.parse(answer.text) as { id: unknown }).id).toBe(7)
})

test('R-SEC-1: a 401 says where to get a token, and calls a sent one invalid', async () => {
  const none = await post(call(), { authorization: undefined })
  const metadata = `resource_metadata="${door.url}/.well-known/oauth-protected-resource/mcp", scope="mcp"`
  expect(none.headers['www-authenticate']).toBe(`Bearer ${metadata}`)
  const bad = await post(call(), { authorization: 'Bearer expired' })
  expect(bad.headers['www-authenticate']).toBe(`Bearer error="invalid_token", ${metadata}`)
  const described = await raw(door, { method: 'GET', path: '/.well-known/oauth-protected-resource/mcp' })
  expect(JSON.parse(described.text)).toMatchObject({
    resource: `${door.url}/mcp`,
    bearer_methods_supported: ['header'],
  })
})

test('header values may be Base64, and white space around them means nothing', async () => {
  const encoded = `=?base64?${Buffer.from('demo__echo').toString('base64')}?=`
  expect((await post(call(), { 'mcp-name': encoded })).status).toBe(200)
  expect((await post(call(), { 'mcp-name': '  demo__echo  ' })).status).toBe(200)
})

test('what was authorized is what runs: client metadata and credentials do not reach the server', async () => {
  await post(call({ _meta: { ...META, 'vendor/x': 'y', traceparent: TRACE } }))
  expect(sample.lastHeaders['authorization']).toBeUndefined()
  expect(sample.lastHeaders['x-issued']).toBe('yes')
  expect(door.gate.calls.at(-1)?.correlation.traceparent).toBe(TRACE)
})

test('legacy: a session belongs to its task, its endpoint and its life', async () => {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } }
  const opened = await post({ ...initialize, params }, { ...legacy, 'mcp-protocol-version': undefined })
  const session = String(opened.headers['mcp-session-id'])
  expect(JSON.parse(opened.text)).toMatchObject({ result: { protocolVersion: '2025-06-18' } })
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
  const own = { ...legacy, 'mcp-session-id': session, 'mcp-protocol-version': '2025-06-18' }
  const listed = await post(list, own)
  expect(listed.status).toBe(200)
  expect(listed.text).not.toContain('resultType')
  expect(listed.text).not.toContain('ttlMs')
  for (const foreign of [
    post(list, { ...own, authorization: 'Bearer task-b' }),
    post(list, own, '/mcp/demo'),
    post(list, { ...own, 'mcp-session-id': 'guess' }),
  ]) {
    expect((await foreign).status).toBe(404)
  }
  const answer = await post({ jsonrpc: '2.0', id: 'remit-1', result: {} }, own)
  expect(answer.status).toBe(400)
  const unknown = await post({ jsonrpc: '2.0', id: 3, method: 'vendor/x' }, own)
  expect(unknown.status).toBe(200)
  expect(errorOf(unknown).code).toBe(-32601)
  const ended = await raw(door, { method: 'DELETE', headers: { ...HEADERS, 'mcp-session-id': session } })
  expect(ended.status).toBe(200)
  expect((await post(list, own)).status).toBe(404)
})
