import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { SecretScanner } from '../../src/classify/secrets/secret-scanner.ts'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { LARGE } from '../../src/core/large-json.ts'
import type { Upstream } from '../../src/mcp/upstream.ts'
import { makeScannerKey } from '../../src/server/create-scanner.ts'
import { createLargeBodies, type LargeBodies } from '../../src/server/large/large-bodies.ts'
import type { LargeKind, LargeThreadSettings } from '../../src/server/large/large-jobs.ts'
import { byAlice, useGate } from '../support/gate-harness.ts'
import { largeResponse, SECRET } from '../support/large-result.ts'
import { startLargeUpstream } from '../support/large-upstream.ts'
import { httpUpstream, raw, startTestDoor, stdioUpstream, type TestDoor } from '../support/test-door.ts'

const gated = useGate()
const BYTES = 400_000
const SCRIPT = fileURLToPath(new URL('../support/large-stdio-upstream.ts', import.meta.url))

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

/** Upstreams that answer with a large result, by how it comes. */
const UPSTREAMS = {
  json: () => overHttp('json'),
  events: () => overHttp('sse'),
  line: () =>
    Promise.resolve(stdioUpstream('filesystem', [SCRIPT, String(BYTES)], {}, { large: gated().large })),
}

async function overHttp(form: 'json' | 'sse'): Promise<Upstream> {
  const server = await startLargeUpstream(form, BYTES)
  cleanups.push(() => server.close())
  return httpUpstream('filesystem', server.url, { era: 'modern' }, { large: gated().large })
}

/** Threads that end when they are given a job of this kind. */
function dyingAt(kind: LargeKind): LargeBodies {
  const script = fileURLToPath(new URL('../support/dying-large-thread.ts', import.meta.url))
  const key = makeScannerKey()
  const start = (settings: LargeThreadSettings): Worker =>
    new Worker(script, { workerData: { ...settings, dies: kind }, execArgv: [] })
  const dying = createLargeBodies(gated().scanner, key, { start })
  cleanups.push(() => dying.close())
  return dying
}

async function doorTo(upstream: Upstream): Promise<{ door: TestDoor; token: string }> {
  const { gate, large, administration, workspace } = gated()
  // The harness's tokens are JSON, which no header takes.
  const identify: typeof gate.identify = (token = '') => gate.identify(Buffer.from(token, 'hex').toString())
  const door = await startTestDoor({ upstreams: [upstream], gate: { ...gate, identify }, large })
  cleanups.push(() => door.close())
  const task = { workflow: 'fix-tests', intent: 'mend the tests', workspace }
  const { token } = await administration.createTask(byAlice, task)
  return { door, token: Buffer.from(token).toString('hex') }
}

interface Answered {
  readonly content: readonly {
    readonly text?: string
    readonly uri?: string
    readonly resource?: JsonObject
  }[]
  readonly _meta: JsonObject
  readonly resultType?: string
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}

async function callModern(
  { door, token }: { door: TestDoor; token: string },
  args: JsonObject = { path: `${gated().workspace}/src/a.ts` },
): Promise<string> {
  const name = 'filesystem__read_text_file'
  const answer = await raw(door, {
    headers: headersOf(token, name),
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args, _meta: META },
    }),
  })
  return answer.text
}

function headersOf(token: string, name: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': name,
  }
}

function resultOf(text: string): Answered {
  return (JSON.parse(text) as { result: Answered }).result
}

async function payloadOf(kind: string): Promise<string> {
  const records = await gated().store.records.query({ tenant: DEFAULT_TENANT, limit: 100 })
  return JSON.stringify(records.find(({ envelope }) => envelope.kind === kind) ?? {})
}

/** The longest text that this thread parsed, wrote or searched from now on. */
function watchThread(): () => number {
  let longest = 0
  const saw = (text: unknown): void => {
    if (typeof text === 'string') longest = Math.max(longest, text.length)
  }
  const { parse, stringify } = JSON
  vi.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
    saw(text)
    return parse(text, reviver) as unknown
  })
  vi.spyOn(JSON, 'stringify').mockImplementation((...args: Parameters<typeof stringify>) => {
    const text = stringify(...args)
    saw(text)
    return text
  })
  // oxlint-disable-next-line typescript/unbound-method -- called with its scanner below
  const steps = SecretScanner.prototype.searchSteps
  vi.spyOn(SecretScanner.prototype, 'searchSteps').mockImplementation(function (
    this: SecretScanner,
    value,
    options,
  ) {
    saw(stringify(value))
    return steps.call(this, value, options)
  })
  return () => longest
}

describe.each(Object.entries(UPSTREAMS))('a large result that comes as %s', (_form, start) => {
  test('R-IFC-3: is read, searched, redacted, recorded and handed on, and none of it by the thread of calls', async () => {
    const at = await doorTo(await start())
    await callModern(at)
    const longest = watchThread()
    const text = await callModern(at)
    const seen = longest()
    vi.restoreAllMocks()
    expect(seen).toBeGreaterThan(0)
    expect(seen).toBeLessThan(LARGE)
    const { content, _meta, resultType } = resultOf(text)
    expect(content[0]?.text?.length).toBeGreaterThan(BYTES * 0.9)
    expect(content[0]?.text).toContain('[redacted: github-pat]')
    expect(text).not.toContain(SECRET)
    expect(content.slice(1)).toEqual([
      { type: 'resource_link', uri: 'remit://filesystem/file:///notes/1', name: 'notes' },
      { type: 'resource', resource: { uri: 'remit://filesystem/file:///notes/1', text: 'a "note"' } },
    ])
    expect(resultType).toBe('complete')
    expect(_meta).toMatchObject({ 'vendor/x': 1, 'remit/decision': expect.stringMatching(/^dec_/) as string })
    await vi.waitFor(async () => {
      const record = await payloadOf('outcome')
      expect(record.length).toBeGreaterThan(BYTES)
      expect(record).toContain('[redacted: github-pat]')
      expect(record).not.toContain(SECRET)
    })
  })
})

test('R-MCP-1: a client of the initialize era gets a large result without what only 2026-07-28 has', async () => {
  const at = await doorTo(await UPSTREAMS.json())
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${at.token}` }
  const post = (body: JsonObject, more: Record<string, string> = {}) =>
    raw(at.door, { headers: { ...headers, ...more }, body: JSON.stringify({ jsonrpc: '2.0', ...body }) })
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } }
  const begun = await post({ id: 1, method: 'initialize', params })
  const session = { 'mcp-session-id': String(begun.headers['mcp-session-id']) }
  const call = { name: 'filesystem__read_text_file', arguments: { path: `${gated().workspace}/src/a.ts` } }
  const { text } = await post({ id: 'x', method: 'tools/call', params: call }, session)
  const answer = JSON.parse(text) as { id: string; result: Answered }
  expect(answer.id).toBe('x')
  expect(answer.result.content[0]?.text).toContain('[redacted: github-pat]')
  expect(Object.keys(answer.result).toSorted()).toEqual(['_meta', 'content'])
})

test('R-IFC-3: a large request is parsed and searched by another thread, and recorded without its secret', async () => {
  const at = await doorTo(await UPSTREAMS.json())
  await callModern(at)
  const path = `${gated().workspace}/notes.txt`
  const text = 'a line of prose. '.repeat(30_000)
  const name = 'filesystem__write_file'
  const args = { path, content: `${text} token: ${SECRET} ${text}` }
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: args, _meta: META },
  })
  const parse = vi.spyOn(JSON, 'parse')
  const searched = vi.spyOn(gated().large, 'search')
  const answer = await raw(at.door, { headers: headersOf(at.token, name), body })
  const parsed = parse.mock.calls.map(([given]) => given.length)
  vi.restoreAllMocks()
  expect(Math.max(...parsed)).toBeLessThan(LARGE)
  expect(searched).toHaveBeenCalled()
  expect(answer.status).toBe(200)
  const record = await payloadOf('decision')
  expect(record).toContain('[redacted: github-pat]')
  expect(record).not.toContain(SECRET)
})

describe('R-REL-1: when the thread dies', () => {
  test.each(['json', 'events', 'line'] as const)(
    'while it reads a result (%s), the call is told, settled and on record, and the next one goes on',
    async (form) => {
      const { large } = gated()
      const dying = dyingAt('read')
      vi.spyOn(large, 'read').mockImplementation((bytes) => dying.read(bytes))
      const at = await doorTo(await UPSTREAMS[form]())
      const told = await callModern(at)
      expect(told).toContain('the call ran, but its result is withheld because reading it failed')
      await vi.waitFor(async () => {
        expect(await payloadOf('outcome')).toContain('"error":"result_withheld"')
      })
      vi.restoreAllMocks()
      expect(resultOf(await callModern(at)).content[0]?.text).toContain('[redacted: github-pat]')
    },
  )

  test('while it searches a result, nothing of it leaves, and the record says that nobody looked', async () => {
    const { large } = gated()
    const dying = dyingAt('inspect')
    vi.spyOn(large, 'inspect').mockImplementation((...given) => dying.inspect(...given))
    const at = await doorTo(await UPSTREAMS.json())
    const told = await callModern(at)
    expect(told).toContain('the call ran, but its result is withheld because it could not be searched')
    expect(told.length).toBeLessThan(1_000)
    await vi.waitFor(async () => {
      const record = JSON.parse(await payloadOf('outcome')) as JsonObject
      expect(record).toMatchObject({
        envelope: { outcome: { status: 'ok' } },
        detail: { inspection: { complete: false, handled: 'withheld', labels: ['secret', 'untrusted'] } },
        payload: {},
      })
    })
  })
})

test.each([
  ['that repeats a member', (text: string) => text.replace('"resultType"', '"_meta":{},"resultType"')],
  ['that is cut off', (text: string) => text.slice(0, -2)],
  ['that is not UTF-8', (text: string) => `${text.slice(0, -3)}\ufffd${text.slice(-3)}`],
])('R-SEC-1: a large answer %s is garbage, as a small one is', async (_what, spoil) => {
  const response = spoil(largeResponse(1, LARGE * 2))
  const bytes = Buffer.from(response, 'utf8')
  const at = bytes.indexOf(Buffer.from('\ufffd'))
  if (at !== -1) bytes[at] = 0xff
  await expect(gated().large.read(bytes)).rejects.toMatchObject({ code: 'upstream_garbage' })
})
