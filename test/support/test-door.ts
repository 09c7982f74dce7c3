import { randomBytes } from 'node:crypto'
import { createServer, request as httpRequest, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerKey } from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import type { DoorDeps, DoorLimits } from '../../src/mcp/door-deps.ts'
import { createMcpDoor, type McpDoor } from '../../src/mcp/http-door.ts'
import type { LargeMessages } from '../../src/mcp/large-messages.ts'
import { PooledUpstream, type UpstreamOptions } from '../../src/mcp/upstream-pool.ts'
import type { Upstream, UpstreamConfig } from '../../src/mcp/upstream.ts'
import { makeHostGuard } from '../../src/net/check-host.ts'
import { TestGate } from './test-gate.ts'

export interface TestDoor {
  readonly gate: TestGate
  readonly door: McpDoor
  /** Servers that it has now, by key; `door.serversChanged` tells it of others. */
  readonly upstreams: Map<ServerKey, Upstream>
  /** Base URL. */
  readonly url: string
  readonly port: number
  /** Streams of the initialize era that are open: from then on nothing that is said is missed. */
  streams(): number
  connections(): Promise<number>
  close(): Promise<void>
  /** Ends it as a crash would: whoever is connected loses the connection before anything else happens. */
  die(): Promise<void>
}

export interface TestDoorOptions {
  readonly upstreams: readonly Upstream[]
  readonly limits?: Partial<DoorLimits>
  readonly gate?: DoorDeps['gate']
  readonly serverSettings?: DoorDeps['serverSettings']
  readonly virtualServers?: DoorDeps['virtualServers']
  readonly large?: LargeMessages
  readonly runtimeTool?: DoorDeps['runtimeTool']
  /** Default: the machine's. */
  readonly clock?: DoorDeps['clock']
  readonly traceUpstream?: DoorDeps['traceUpstream']
}

/** The MCP door on a real socket, with a gate that decides by name. */
export async function startTestDoor(options: TestDoorOptions): Promise<TestDoor> {
  const gate = new TestGate()
  const http = createServer()
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  const { port } = http.address() as AddressInfo
  const url = `http://127.0.0.1:${String(port)}`
  const upstreams = new Map(options.upstreams.map((upstream) => [upstream.config.key, upstream]))
  const door = createMcpDoor({
    gate: options.gate ?? gate,
    upstreams,
    serverSettings: options.serverSettings ?? new Map(),
    ...(options.virtualServers === undefined ? {} : { virtualServers: options.virtualServers }),
    ...(options.runtimeTool === undefined ? {} : { runtimeTool: options.runtimeTool }),
    ...(options.large === undefined ? {} : { large: options.large }),
    ...(options.traceUpstream === undefined ? {} : { traceUpstream: options.traceUpstream }),
    log: SILENT,
    clock: options.clock ?? { now: () => Date.now(), micros: () => Math.round(performance.now() * 1000) },
    entropy: { bytes: (size) => new Uint8Array(randomBytes(size)) },
    publicUrl: url,
    hostGuard: makeHostGuard({ address: '127.0.0.1', port }),
    stateKey: new Uint8Array(randomBytes(32)),
    version: '0.0.0',
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  const got = new Set<ServerResponse>()
  const close = async (): Promise<void> => {
    door.close()
    for (const upstream of options.upstreams) await upstream.close()
    await new Promise<void>((resolve) => {
      // One that is on its way in would keep it open.
      http.on('connection', (socket) => socket.destroy())
      http.close(() => resolve())
      http.closeAllConnections()
    })
  }
  http.on('request', (request, response) => {
    if (request.method === 'GET') {
      got.add(response)
      response.once('close', () => got.delete(response))
    }
    door.handle(request, response)
  })
  return {
    gate,
    door,
    upstreams,
    url,
    port,
    streams: () =>
      [...got].filter(
        ({ headersSent, statusCode, closed, writableEnded }) =>
          headersSent && statusCode === 200 && !closed && !writableEnded,
      ).length,
    connections: () =>
      new Promise((resolve, reject) => {
        http.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
      }),
    close,
    die: () => {
      http.closeAllConnections()
      return close()
    },
  }
}

/** An upstream of the real pool over HTTP. */
export function httpUpstream(
  key: string,
  url: string,
  over: Partial<UpstreamConfig> = {},
  options: Partial<UpstreamOptions> = {},
): Upstream {
  const config: UpstreamConfig = {
    key: key as ServerKey,
    transport: { kind: 'http', url, headers: {} },
    era: 'auto',
    session: 'task',
    timeout: 10_000,
    ...over,
  }
  return poolOf(config, options)
}

/** An upstream of the real pool over stdio. */
export function stdioUpstream(
  key: string,
  args: readonly string[],
  over: Partial<UpstreamConfig> = {},
  options: Partial<UpstreamOptions> = {},
): Upstream {
  const config: UpstreamConfig = {
    key: key as ServerKey,
    transport: { kind: 'stdio', command: process.execPath, args, env: {} },
    era: 'legacy',
    session: 'shared',
    timeout: 10_000,
    ...over,
  }
  return poolOf(config, options)
}

function poolOf(config: UpstreamConfig, options: Partial<UpstreamOptions>): Upstream {
  return new PooledUpstream(config, {
    client: { name: 'remit', version: '0.0.0' },
    log: SILENT,
    ...options,
  })
}

export interface RawAnswer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
}

/** A request as no SDK would send it. */
export function raw(
  door: { readonly port: number },
  sent: { method?: string; path?: string; headers?: Record<string, string>; body?: string | Buffer },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port: door.port,
        method: sent.method ?? 'POST',
        path: sent.path ?? '/mcp',
        headers: sent.headers ?? {},
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(sent.body)
  })
}
