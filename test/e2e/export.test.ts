import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EchoingUpstream, startEchoingUpstream } from '../support/echoing-upstream.ts'
import { attributesOf, OtlpCollector, type OtlpItem } from '../support/otlp-collector.ts'
import { startGateway, type RunningGateway } from '../support/running-gateway.ts'

const HELD = 'upstr3am-T0ken-5c1d7e'
const COLLECTORS = 'c0llector-T0ken-81be2f'
/** In the form that GitHub’s have, so that it is found in whatever says it. */
const PLANTED = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const OTHER_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = 'b7ad6b7169203331'

let upstream: EchoingUpstream
let collector: OtlpCollector
let gateway: RunningGateway
let task: { readonly id: string }
let token: string

beforeAll(async () => {
  upstream = await startEchoingUpstream()
  collector = new OtlpCollector()
  const url = await collector.start()
  gateway = await startGateway({
    policies: ['open'],
    prepare: (home) => {
      mkdirSync(join(home, 'open'))
      writeFileSync(join(home, 'open', 'all.cedar'), '@id("all")\npermit (principal, action, resource);\n')
      const folder = join(home, '.remit', 'secrets')
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      writeFileSync(join(folder, 'held'), HELD, { mode: 0o600 })
      writeFileSync(join(folder, 'collector'), COLLECTORS, { mode: 0o600 })
    },
    config: () => `servers:
  parrot:
    url: ${upstream.url}
    era: modern
    fileSystem: none
    headers: { Authorization: "Bearer secret:held" }
    tools:
      echo: { actions: [data.read] }
exports:
  collector:
    format: otlp
    content: true
    http: { url: "${url}", token: "secret:collector", privateAddresses: true }
`,
  })
  ;({ task, token } = gateway.task())
}, 240_000)

afterAll(async () => {
  await gateway.remove()
  upstream.close()
  collector.close()
})

async function call(id: number, headers: Record<string, string>, meta: object): Promise<string> {
  const params = {
    name: 'parrot__echo',
    arguments: { text: `the key is ${PLANTED}` },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      ...meta,
    },
  }
  const answer = await fetch(gateway.agentUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': params.name,
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }),
  })
  return answer.text()
}

const spansIn = (trace: string): readonly OtlpItem[] =>
  collector.spans.filter(({ traceId }) => traceId === trace)
const logsIn = (trace: string): readonly OtlpItem[] =>
  collector.logs.filter(({ traceId }) => traceId === trace)

/** The call in its client’s trace, as the collector got it once the gateway had time to send it. */
async function arrived(trace: string): Promise<readonly OtlpItem[]> {
  await expect.poll(() => spansIn(trace).length, { timeout: 20_000 }).toBe(3)
  return spansIn(trace)
}

describe('R-AUD-3: a collector is told of a call through a whole gateway', () => {
  test.each([
    ['an HTTP header', TRACE, { traceparent: `00-${TRACE}-${SPAN}-01` }, {}],
    ['`_meta`', OTHER_TRACE, {}, { traceparent: `00-${OTHER_TRACE}-${SPAN}-01` }],
  ])(
    'the trace goes from %s of the client to the server and to the collector',
    async (_, trace, headers, meta) => {
      const answer = await call(7, headers, meta)
      expect(answer).toContain('said')
      const [of, decide, below] = await arrived(trace)
      expect(of).toMatchObject({ name: 'tools/call echo', kind: 2, parentSpanId: SPAN })
      expect(decide).toMatchObject({ name: 'decide', kind: 1, parentSpanId: of?.['spanId'] })
      expect(below).toMatchObject({ name: 'tools/call echo', kind: 3, parentSpanId: of?.['spanId'] })
      const heard = upstream.heard.find(({ header }) => header?.includes(trace))
      // The server’s own spans lie below the part of the call that is the server’s.
      expect(heard?.header).toBe(`00-${trace}-${String(below?.['spanId'])}-01`)
      expect(heard?.meta).toBe(heard?.header)
      expect(answer).toContain(heard?.header)
    },
  )

  test('spans and logs have what their conventions say, field by field', async () => {
    const [of, , below] = await arrived(TRACE)
    if (of === undefined || below === undefined) throw new Error('no spans')
    const mcp = {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'echo',
      'gen_ai.tool.type': 'extension',
      'jsonrpc.request.id': '7',
    }
    expect(attributesOf(of)).toMatchObject({
      ...mcp,
      'remit.effect': 'allow',
      'remit.task': task.id,
      'remit.human': 'alice',
      'gen_ai.tool.call.arguments': expect.stringContaining('the key is'),
      'gen_ai.tool.call.result': expect.stringContaining('said'),
    })
    expect(attributesOf(below)).toMatchObject({ ...mcp, 'remit.server': 'parrot' })
    expect(BigInt(String(of['startTimeUnixNano']))).toBeLessThanOrEqual(BigInt(String(of['endTimeUnixNano'])))
    const logs = logsIn(TRACE)
    expect(logs.map(({ eventName }) => eventName)).toEqual(['remit.decision', 'remit.outcome'])
    for (const log of logs) {
      expect(log).toMatchObject({ spanId: of['spanId'], severityNumber: 9, severityText: 'INFO', flags: 1 })
      expect(attributesOf(log)).toMatchObject({ ...mcp, 'remit.task': task.id })
    }
    const { resource } = collector.got[0]?.resources[0] ?? { resource: { attributes: [] } }
    expect(attributesOf(resource)).toMatchObject({ 'service.name': 'remit' })
    const paths = new Set(collector.got.map(({ path }) => path))
    expect(paths).toEqual(new Set(['/v1/logs', '/v1/traces']))
    for (const { headers } of collector.got) {
      expect(headers).toMatchObject({
        authorization: `Bearer ${COLLECTORS}`,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      })
    }
    const indexes = collector.logs.map((log) => Number(attributesOf(log)['remit.index']))
    expect(indexes).toEqual([...indexes.keys()])
  })

  test('R-AUD-1: an export from the files of a running gateway is on record', async () => {
    const { status, stdout, stderr } = gateway.remit([
      'audit',
      'export',
      '--format',
      'csv',
      '--kind',
      'decision',
    ])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout.trimEnd().split('\n')).toHaveLength(3)
    const told = gateway.remit(['audit', 'export', '--format', 'jsonl', '--kind', 'audit.exported'])
    const [first] = told.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(first).toMatchObject({ data: { format: 'csv', kinds: ['decision'], offline: true } })
    const away = ['--format', 'csv', '--admin-url', 'http://127.0.0.1:9']
    expect(gateway.remit(['audit', 'export', ...away]).stderr).toMatch(/^this export is not on record: /)
  })

  test('R-CRED-1: no secret goes along, though content does and the server says each of them again', async () => {
    await arrived(OTHER_TRACE)
    for (const { text } of collector.got) {
      for (const secret of [HELD, COLLECTORS, PLANTED, token]) {
        for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '')])
          expect(text.includes(form)).toBe(false)
      }
    }
  })
})
