import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const APPROVER = { REMIT_APPROVER: `mona:${APPROVER_CODE}` }

let gateway: RunningGateway

function install(home: string, version: string): string {
  const folder = join(home, 'thing')
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(ROOT, 'test', 'support', 'taken-over-upstream.ts'), join(folder, 'server.ts'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'thing', version, type: 'module' }))
  return join(folder, 'server.ts')
}

beforeAll(async () => {
  gateway = await startGateway({
    config: ({ home }) => `servers:
  thing:
    command: ${process.execPath}
    args: ["${install(home, '1.2.0')}"]
    fileSystem: none
    tools: { run: { actions: [data.read], arguments: { code: plain } } }
`,
  })
}, 120_000)

afterAll(async () => {
  await gateway.remove()
})

/** As another task, which has a process of its own. */
async function run(): Promise<{ readonly isError: boolean; readonly text: string }> {
  const client = await connectClient(gateway.agentUrl, gateway.task().token, 'legacy')
  try {
    return await callTool(client, 'thing__run', { code: 'return 1 + 1' })
  } finally {
    await client.close()
  }
}

test('R-MCP-4: another version of a server’s program has its tools off until it is reviewed', async () => {
  expect(await run()).toEqual({ isError: false, text: '2' })
  install(gateway.home, '1.3.0')
  const refused = await run()
  expect(refused.isError).toBe(true)
  expect(refused.text).toMatch(/remit:pinned/)
  const { stdout } = gateway.remit(['servers', 'review', 'thing'])
  expect(stdout).toContain('thing itself (@server)')
  expect(stdout).toMatch(/package changed\n.*\n\s+-thing@1\.2\.0\n\s+\+thing@1\.3\.0/)
  const approved = gateway.remit(['servers', 'review', 'thing', '--approve', '@server'], APPROVER)
  expect([approved.status, approved.stderr]).toEqual([0, ''])
  expect(await run()).toEqual({ isError: false, text: '2' })
}, 120_000)
