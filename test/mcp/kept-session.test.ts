import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startTattlingServer } from '../support/tattling-http.ts'
import { httpUpstream, startTestDoor } from '../support/test-door.ts'
import { WireClient } from '../support/wire-client.ts'

test.each(['legacy', 'modern'] as const)(
  'R-MCP-3: a session is not idle while a stream waits to hear of its resource, and is when the stream ends (%s)',
  async (era) => {
    const server = await startTattlingServer(era)
    const upstream = httpUpstream('notes', server.url, { era }, { idle: 1_000 })
    const door = await startTestDoor({ upstreams: [upstream], limits: { keepAlive: 20 } })
    const client = new WireClient(`${door.url}/mcp`, { token: 'task-a', era, marker: 'm' })
    await client.begin(['remit://notes/note://m'])
    expect(client.heard).not.toContain('error')
    await sleep(2_500)
    expect(upstream.health.state).toBe('up')
    await client.drop()
    await expect.poll(() => upstream.health.state).toBe('idle')
    await door.close()
    await server.close()
  },
)
