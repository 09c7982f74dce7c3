import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callTool } from '../support/mcp-client.ts'
import { fillWorkspace, realServers } from '../support/real-servers.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { bareEnviron } from '../support/shared-caches.ts'

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway({ config: (at) => `consent: { hold: 1s }\n${realServers(at)}` })
  fillWorkspace(gateway.workspace)
}, 240_000)

afterAll(() => gateway.remove())

/** The official client with `remit connect` as its server's command, as an agent's settings would have it. */
async function connectOverStdio(token: string, mode: 'legacy' | 'auto'): Promise<Client> {
  const client = new Client({ name: 'stdio-agent', version: '1.0.0' }, { versionNegotiation: { mode } })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(ROOT, 'bin', 'remit'), 'connect', '--url', gateway.agentUrl],
    env: { ...bareEnviron(), REMIT_TASK_TOKEN: token },
    stderr: 'pipe',
  })
  await client.connect(transport)
  return client
}

test.each(['legacy', 'auto'] as const)(
  'R-MCP-1: a stdio client (%s) works through remit connect',
  async (mode) => {
    const { token } = gateway.task()
    const client = await connectOverStdio(token, mode)
    try {
      const { tools } = await client.listTools()
      expect(tools.map((tool) => tool.name)).toContain('filesystem__read_text_file')
      const read = await callTool(client, 'filesystem__read_text_file', {
        path: join(gateway.workspace, 'src', 'add.ts'),
      })
      expect(read.text).toContain('a + b')
      const denied = await callTool(client, 'filesystem__read_text_file', {
        path: join(gateway.workspace, '.env'),
      })
      expect(denied).toMatchObject({ isError: true })
    } finally {
      await client.close()
    }
  },
)

test('R-ID-1: a token of another gateway, and one that was revoked, get a clear error', async () => {
  const other = await startGateway({ config: () => '' })
  try {
    const foreign = other.task().token
    await expect(connectOverStdio(foreign, 'legacy')).rejects.toThrow(/token|another gateway|issuer/i)
  } finally {
    await other.remove()
  }
  const { task, token } = gateway.task()
  gateway.remit(['task', 'revoke', task.id, '--reason', 'done with it'])
  await expect(connectOverStdio(token, 'legacy')).rejects.toThrow(/revoked: done with it/)
})
