import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Upstream } from '../../src/mcp/upstream.ts'
import { startForgetfulServer } from '../support/forgetful-server.ts'
import { httpUpstream, startTestDoor, stdioUpstream, type TestDoor } from '../support/test-door.ts'
import { WireClient } from '../support/wire-client.ts'

const STDIO = fileURLToPath(new URL('../support/tattling-stdio.ts', import.meta.url))
const URI = 'remit://notes/note://m'
const ERAS = ['legacy', 'modern'] as const

async function listen(era: (typeof ERAS)[number], upstream: Upstream): Promise<[TestDoor, WireClient]> {
  const door = await startTestDoor({ upstreams: [upstream], limits: { keepAlive: 20 } })
  const client = new WireClient(`${door.url}/mcp`, { token: 'task-a', era, marker: 'm' })
  await client.begin([URI])
  expect(client.heard).not.toContain('error')
  return [door, client]
}

test.each(ERAS)(
  'R-REL-1: a server that forgot the session of who only listens is told again (%s)',
  async (era) => {
    const server = await startForgetfulServer()
    const [door, client] = await listen(era, httpUpstream('notes', server.url, { era: 'legacy' }))
    expect(server.subscribed).toEqual(['0 note://m'])
    server.forget()
    await expect.poll(() => client.heard).toContain('notifications/resources/updated')
    expect(server.subscribed).toEqual(['0 note://m', '1 note://m'])
    await client.drop()
    await door.close()
    await server.close()
  },
)

test.each(ERAS)(
  'R-REL-1: a process that ended is begun again for who listens, and told again (%s)',
  async (era) => {
    const [door, client] = await listen(era, stdioUpstream('notes', [STDIO], { session: 'task' }))
    const answer = await client.call('notes__murmur', 1)
    const pid = Number(/by (\d+)/.exec(JSON.stringify(answer.result))?.[1])
    const before = client.heard.split('notifications/resources/updated').length
    process.kill(pid)
    await expect.poll(() => client.heard.split('notifications/resources/updated').length).toBe(before + 1)
    expect(door.gate.calls.filter(({ tool }) => tool === 'note://m').length).toBe(2)
    await client.drop()
    await door.close()
  },
)
