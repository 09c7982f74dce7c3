import { fork } from 'node:child_process'
import { Agent, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerKey } from '../src/core/ids.ts'
import type { JsonObject } from '../src/core/json.ts'
import { SILENT } from '../src/core/log.ts'
import { PooledUpstream } from '../src/mcp/upstream-pool.ts'

/**
 * CPU of one upstream call over HTTP, as `PooledUpstream` makes it (envelope, headers, strict parse, slots),
 * beside the least that `http.request` with a keep-alive agent can do. The server is another process; rounds
 * are interleaved, and the least disturbed round of each counts.
 */
const ROUNDS = 15
const CALLS = 3_000
const WIDTH = 32

function serve(): void {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { id, params } = JSON.parse(Buffer.concat(chunks).toString()) as {
        id: number
        params: { arguments?: JsonObject }
      }
      const discovered = { supportedVersions: ['2026-07-28'], capabilities: {}, resultType: 'complete' }
      const echo = {
        content: [{ type: 'text', text: JSON.stringify(params.arguments) }],
        resultType: 'complete',
      }
      const result = params.arguments === undefined ? discovered : echo
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

async function measure(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  let left = CALLS
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await call()
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, worker))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / CALLS
}

function plainCall(port: number, agent: Agent, args: JsonObject): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'echo', arguments: args },
    })
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const request = httpRequest(
      { host: '127.0.0.1', port, method: 'POST', path: '/mcp', agent, headers },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          resolve(JSON.parse(Buffer.concat(chunks).toString()))
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

async function main(): Promise<void> {
  const child = fork(import.meta.filename, ['serve'])
  const port = await new Promise<number>((resolve) => child.once('message', resolve))
  const upstream = new PooledUpstream(
    {
      key: 'bench' as ServerKey,
      transport: { kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} },
      era: 'modern',
      session: 'shared',
      timeout: 30_000,
    },
    { client: { name: 'remit', version: '0' }, log: SILENT },
  )
  const session = await upstream.session('bench')
  const agent = new Agent({ keepAlive: true, maxSockets: WIDTH })
  const { signal } = new AbortController()
  for (const size of [256, 4096]) {
    const args = { text: 'x'.repeat(size) }
    const request = {
      method: 'tools/call',
      params: { name: 'echo', arguments: args },
      signal,
      clientCapabilities: {},
    }
    const results: { plain: number[]; remit: number[] } = { plain: [], remit: [] }
    for (let round = 0; round < ROUNDS; round += 1) {
      results.plain.push(await measure(() => plainCall(port, agent, args)))
      results.remit.push(await measure(() => session.request(request)))
    }
    const [plain, remit] = [Math.min(...results.plain), Math.min(...results.remit)]
    console.log(
      `${size} B: http.request ${plain.toFixed(0)} µs, upstream ${remit.toFixed(0)} µs, ratio ${(remit / plain).toFixed(2)}`,
    )
  }
  await upstream.close()
  agent.destroy()
  child.kill()
}

if (process.argv[2] === 'serve') serve()
else await main()
