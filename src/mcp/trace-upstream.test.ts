import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSampleServer, type SampleServer } from '../../test/support/sample-server.ts'
import { httpUpstream, raw, startTestDoor, type TestDoor } from '../../test/support/test-door.ts'
import { spanIdFor, traceIdFor, traceparentUpstream } from '../audit/export/trace-ids.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const VERSION = '2026-07-28'
const META = {
  'io.modelcontextprotocol/protocolVersion': VERSION,
  'io.modelcontextprotocol/clientCapabilities': {},
}

let sample: SampleServer
let door: TestDoor
/** Hears what reaches the server. */
let ear: Server
const heard: { headers: IncomingHttpHeaders; traceparent: unknown }[] = []

beforeAll(async () => {
  sample = await startSampleServer()
  ear = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const { method, params } = JSON.parse(body.toString()) as {
        method: string
        params?: { _meta?: { traceparent?: unknown } }
      }
      if (method === 'tools/call')
        heard.push({ headers: request.headers, traceparent: params?._meta?.traceparent })
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
      const passOn = async (): Promise<void> => {
        const answer = await fetch(sample.url, {
          method: 'POST',
          body,
          headers: headers as Record<string, string>,
        })
        const type = answer.headers.get('content-type') ?? 'application/json'
        response.writeHead(answer.status, { 'content-type': type }).end(await answer.text())
      }
      // A stream that is open at the end is cut with the server.
      passOn().catch(() => response.destroy())
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => {
    ear.once('listening', resolve)
  })
  const url = `http://127.0.0.1:${(ear.address() as AddressInfo).port}/mcp`
  door = await startTestDoor({ upstreams: [httpUpstream('demo', url)], traceUpstream: traceparentUpstream })
})
afterAll(async () => {
  await door.close()
  ear.close()
  await sample.close()
})

async function call(meta: object, headers: Record<string, string> = {}): Promise<(typeof heard)[number]> {
  const { status } = await raw(door, {
    path: '/mcp',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: 'Bearer task-a',
      'mcp-protocol-version': VERSION,
      'mcp-method': 'tools/call',
      'mcp-name': 'demo__echo',
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'demo__echo', arguments: { text: 'x' }, _meta: { ...META, ...meta } },
    }),
  })
  expect(status).toBe(200)
  const last = heard.at(-1)
  if (last === undefined) throw new Error('the server heard nothing')
  return last
}

const decision = (): string => `dec_${heard.length}`

test('R-AUD-3: the server is told of the gateway’s span in the client’s trace, in the header and in _meta', async () => {
  const meta = await call({ traceparent: `00-${TRACE}-b7ad6b7169203331-01`, tracestate: 'a=b' })
  const told = `00-${TRACE}-${spanIdFor(decision(), 'upstream')}-01`
  expect(meta).toMatchObject({ headers: { traceparent: told, tracestate: 'a=b' }, traceparent: told })
  const header = await call({}, { traceparent: `00-${TRACE}-b7ad6b7169203331-01` })
  expect(header.traceparent).toBe(`00-${TRACE}-${spanIdFor(decision(), 'upstream')}-01`)
})

test('R-AUD-3: what the client does not sample stays so, and without a trace of the client there is a new one', async () => {
  const unsampled = await call({ traceparent: `00-${TRACE}-b7ad6b7169203331-00` })
  expect(unsampled.traceparent).toMatch(new RegExp(`^00-${TRACE}-.*-00$`))
  const fresh = await call({})
  expect(fresh.traceparent).toBe(`00-${traceIdFor(decision())}-${spanIdFor(decision(), 'upstream')}-01`)
  expect(fresh.headers['traceparent']).toBe(fresh.traceparent)
})
