import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Upstream } from '../../src/mcp/upstream.ts'
import { freePort } from '../support/free-port.ts'
import { ScriptedUpstream } from '../support/scripted-upstream.ts'
import { startTattlingServer } from '../support/tattling-http.ts'
import { httpUpstream, startTestDoor, stdioUpstream } from '../support/test-door.ts'
import { WireClient } from '../support/wire-client.ts'

const SUPPORT = fileURLToPath(new URL('../support/', import.meta.url))

interface Late {
  readonly upstream: Upstream
  /** From now on it can be reached. */
  come(): Promise<void>
  go(): Promise<void>
}

const KINDS: Readonly<Record<string, () => Promise<Late>>> = {
  'an HTTP server': async () => {
    const port = await freePort()
    const upstream = httpUpstream('late', `http://127.0.0.1:${String(port)}/mcp`)
    let server: { close(): Promise<void> } | undefined
    return {
      upstream,
      come: async () => {
        server = await startTattlingServer('modern', port)
      },
      go: async () => server?.close(),
    }
  },
  'a program': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'remit-late-'))
    return {
      upstream: stdioUpstream('late', [join(folder, 'tattling-stdio.ts')], { session: 'task' }),
      come: async () => {
        for (const file of ['tattling-server.ts', 'tattling-stdio.ts']) {
          cpSync(join(SUPPORT, file), join(folder, file))
        }
      },
      go: async () => rmSync(folder, { recursive: true }),
    }
  },
}

test.each([
  ['an HTTP server', 'modern'],
  ['a program', 'legacy'],
] as const)(
  'R-REL-1: %s that could not be started appears without anybody calling (%s client)',
  async (kind, era) => {
    const late = await KINDS[kind]!()
    const upstreams = [new ScriptedUpstream('here', 'modern'), late.upstream]
    const door = await startTestDoor({ upstreams })
    const client = new WireClient(`${door.url}/mcp`, { token: 'task-a', era, marker: 'm' })
    await client.begin([])
    const names = async (): Promise<string> => JSON.stringify((await client.request('tools/list', {})).result)
    expect(await names()).not.toContain('late__')
    expect(late.upstream.health.nextTry).toBeGreaterThanOrEqual(0)
    expect(client.heard).not.toContain('notifications/tools/list_changed')
    await late.come()
    await expect.poll(() => client.heard).toContain('notifications/tools/list_changed')
    expect(late.upstream.health).toMatchObject({ state: 'up' })
    expect(late.upstream.health.nextTry).toBeUndefined()
    expect(await names()).toContain('late__echo')
    await client.drop()
    await door.close()
    await late.go()
  },
)

test('R-REL-1: an HTTP server that was there, went and came back is found again, its tools told of', async () => {
  const late = await KINDS['an HTTP server']!()
  await late.come()
  const door = await startTestDoor({ upstreams: [late.upstream] })
  const client = new WireClient(`${door.url}/mcp`, { token: 'task-a', era: 'legacy', marker: 'm' })
  await client.begin([])
  await client.request('tools/list', {})
  await late.go()
  const failed = await client.call('late__echo', 2)
  expect(JSON.stringify(failed)).toMatch(/error/i)
  const told = client.heard.split('tools/list_changed').length
  await late.come()
  await expect.poll(() => client.heard.split('tools/list_changed').length).toBeGreaterThan(told)
  await client.drop()
  await door.close()
  await late.go()
})
