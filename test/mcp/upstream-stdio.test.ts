import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { asRemitError } from '../../src/core/errors.ts'
import type { ServerKey } from '../../src/core/ids.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { SILENT } from '../../src/core/log.ts'
import { PooledUpstream, type UpstreamOptions } from '../../src/mcp/upstream-pool.ts'
import type { UpstreamConfig, UpstreamRequest } from '../../src/mcp/upstream.ts'

const RAW = fileURLToPath(new URL('../support/raw-stdio-upstream.ts', import.meta.url))
const PACKAGES = fileURLToPath(new URL('../../node_modules/@modelcontextprotocol/', import.meta.url))

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function upstreamOf(
  args: readonly string[],
  more: Partial<UpstreamConfig> & { env?: Record<string, string> } = {},
  options: Partial<UpstreamOptions> = {},
): PooledUpstream {
  const { env = {}, ...config } = more
  const upstream = new PooledUpstream(
    {
      key: 'raw' as ServerKey,
      transport: { kind: 'stdio', command: process.execPath, args, env },
      era: 'auto',
      session: 'task',
      timeout: 20_000,
      ...config,
    },
    { client: { name: 'remit', version: '0' }, log: SILENT, ...options },
  )
  cleanups.push(() => upstream.close())
  return upstream
}

function toolCall(name: string, args: JsonObject = {}, more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  const signal = new AbortController().signal
  return { method: 'tools/call', params: { name, arguments: args }, signal, clientCapabilities: {}, ...more }
}

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (result) => `answered ${JSON.stringify(result)}`,
    (error: unknown) => asRemitError(error).code,
  )
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a stdio server', () => {
  it('R-SEC-1: inherits nothing but PATH, HOME and what is configured', async () => {
    process.env['REMIT_TEST_SECRET'] = 'x'
    const session = await upstreamOf([RAW], { env: { TOKEN: 't' } }).session('a')
    const result = await session.request(toolCall('env'))
    // macOS adds a variable of its own to every process.
    const names = (result['env'] as readonly string[]).filter((name) => !name.startsWith('__CF'))
    expect(names).toEqual(['HOME', 'PATH', 'TOKEN'])
  })

  it.each([
    ['garbage', 'upstream_garbage'],
    ['duplicate-keys', 'upstream_garbage'],
    ['wrong-id', 'upstream_garbage'],
    ['huge', 'upstream_lost'],
    ['die', 'upstream_lost'],
  ])('R-MCP-2: %s becomes %s', async (tool, expected) => {
    const session = await upstreamOf([RAW]).session('a')
    await expect(codeOf(session.request(toolCall(tool)))).resolves.toBe(expected)
  })

  it('R-MCP-2: is started again after it died, and every call that was open is told', async () => {
    const upstream = upstreamOf([RAW])
    const session = await upstream.session('a')
    const open = [toolCall('hang'), toolCall('hang'), toolCall('die')].map((call) =>
      codeOf(session.request(call)),
    )
    await expect(Promise.all(open)).resolves.toEqual(['upstream_lost', 'upstream_lost', 'upstream_lost'])
    await expect(codeOf(session.request(toolCall('ok')))).resolves.toBe('upstream_unavailable')
    expect(upstream.health.state).toBe('down')
    const again = await upstream.session('a')
    await expect(codeOf(again.request(toolCall('ok')))).resolves.toMatch(/^answered/)
    expect(upstream.health).toMatchObject({ state: 'up', restarts: 1 })
  })

  it('R-MCP-2: one that babbles is read slowly, and takes neither memory nor time from the others', async () => {
    const babbler = await upstreamOf([RAW], { timeout: 1_000 }).session('a')
    let heard = 0
    babbler.onNotification(() => (heard += 1))
    const call = codeOf(babbler.request(toolCall('babble', {}, { onNotification: () => (heard += 1) })))
    await expect.poll(() => heard, { timeout: 10_000 }).toBeGreaterThan(1_900)
    const other = await upstreamOf([RAW]).session('a')
    for (let round = 0; round < 50; round += 1)
      await expect(codeOf(other.request(toolCall('ok')))).resolves.toMatch(/^answered/)
    await expect(call).resolves.toBe('upstream_timeout')
    // What it may say at once, what came in one chunk beyond that, and 500 for every second that this process lives.
    const seconds = performance.now() / 1_000
    expect(heard).toBeLessThan(2_000 + 1_000 + 500 * seconds)
  })

  it('R-REL-1: one that accepts and answers nothing is ended after a while, and another one begun', async () => {
    const pulse = { first: 20, longest: 50, wait: 100, patience: 100 }
    const upstream = upstreamOf([RAW], { timeout: 200, session: 'shared' }, { pulse })
    const session = await upstream.session('a')
    await expect(codeOf(session.request(toolCall('freeze')))).resolves.toBe('upstream_timeout')
    await expect.poll(() => codeOf(session.request(toolCall('ok')))).toBe('upstream_unavailable')
    await expect.poll(() => session.closed, { timeout: 10_000 }).toBe(true)
    const again = await upstream.session('b')
    await expect(codeOf(again.request(toolCall('ok')))).resolves.toMatch(/^answered/)
  })

  it('R-MCP-2: crashes of one task’s process put off no other task’s', async () => {
    const upstream = upstreamOf([RAW])
    for (let crash = 0; crash < 5; crash += 1) {
      const crashing = await upstream.session('a').catch(() => undefined)
      await crashing?.request(toolCall('die')).catch(() => undefined)
    }
    await expect(upstream.session('a')).rejects.toMatchObject({ code: 'upstream_unavailable' })
    const other = await upstream.session('b')
    await expect(codeOf(other.request(toolCall('ok')))).resolves.toMatch(/^answered/)
  })

  it('R-MCP-2: one that cannot be started is refused at once and rests longer each time', async () => {
    const transport = { kind: 'stdio', command: '/no/such/program', args: [], env: {} } as const
    const upstream = upstreamOf([], { transport })
    const start = performance.now()
    for (let attempt = 0; attempt < 4; attempt += 1)
      await expect(upstream.session('a')).rejects.toMatchObject({ code: 'upstream_unavailable' })
    // Rests of 100, 200 and 400 ms lie between them; timers may fire a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(690)
  })

  it('R-MCP-2: a call that times out or is aborted is cancelled, and its late answer harms nobody', async () => {
    const session = await upstreamOf([RAW], { timeout: 1_500, era: 'legacy' }).session('a')
    await expect(codeOf(session.request(toolCall('hang')))).resolves.toBe('upstream_timeout')
    const controller = new AbortController()
    const call = session.request(toolCall('hang', {}, { signal: controller.signal }))
    controller.abort(new Error('stop'))
    await expect(call).rejects.toThrow('stop')
    const told = await session.request(toolCall('cancelled'))
    // Request 3 was the gateway’s own: after a time-out it asks for a sign of life.
    expect(told['cancelled']).toEqual([2, 4])
  })

  it('R-MCP-3: asks the client of the open call, and nobody when the session is shared', async () => {
    const onServerRequest = (): Promise<JsonObject> => Promise.resolve({ roots: [] })
    const own = await upstreamOf([RAW]).session('a', { roots: {} })
    const asked = await own.request(toolCall('ask', {}, { onServerRequest }))
    expect(asked).toEqual({ answered: { roots: [] } })
    const shared = await upstreamOf([RAW], { session: 'shared' }).session('a', { roots: {} })
    await expect(shared.request(toolCall('ask', {}, { onServerRequest }))).resolves.toEqual({})
  })

  it('leaves no process behind, even one that ignores SIGTERM', async () => {
    const upstream = upstreamOf([RAW], { env: { IGNORE_SIGTERM: '1' } })
    const session = await upstream.session('a')
    const { pid } = (await session.request(toolCall('env'))) as { pid: number }
    expect(alive(pid)).toBe(true)
    await upstream.close()
    await expect.poll(() => alive(pid)).toBe(false)
  })
})

describe('the official reference servers', () => {
  it('R-MCP-1: the filesystem server reads, writes and refuses', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'remit-fs-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'a.txt'), 'hello')
    const session = await upstreamOf([join(PACKAGES, 'server-filesystem/dist/index.js'), folder]).session('a')
    expect(session.info).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25' })
    const read = session.request(toolCall('read_text_file', { path: join(folder, 'a.txt') }))
    await expect(codeOf(read)).resolves.toContain('hello')
    const outside = session.request(toolCall('read_text_file', { path: '/etc/hostname' }))
    await expect(codeOf(outside)).resolves.toContain('"isError":true')
  })

  it('R-MCP-2: the memory server answers many calls at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'remit-memory-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    const session = await upstreamOf([join(PACKAGES, 'server-memory/dist/index.js')], {
      session: 'shared',
      env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') },
    }).session('a')
    const entities = [{ name: 'remit', entityType: 'gateway', observations: ['decides'] }]
    await session.request(toolCall('create_entities', { entities }))
    const calls = Array.from({ length: 40 }, () => codeOf(session.request(toolCall('read_graph'))))
    for (const answer of await Promise.all(calls)) expect(answer).toContain('decides')
  })
})
