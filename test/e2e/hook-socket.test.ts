import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { type HookedAgent, startAgent } from '../support/hooked-agent.ts'
import { startGateway, type RunningGateway } from '../support/running-gateway.ts'

let gateway: RunningGateway
let runtime: string
let agent: HookedAgent

beforeAll(async () => {
  gateway = await startGateway({ config: () => 'servers: {}\nhooks: { hold: 20s }' })
  runtime = mkdtempSync(join(tmpdir(), 'hk-'))
  agent = startAgent(runtime)
  const { token } = gateway.task()
  console.log(
    await agent.connect(['--agent', 'claude-code', '--url', gateway.agentUrl], { REMIT_TASK_TOKEN: token }),
  )
}, 240_000)
afterAll(async () => {
  await agent.stop()
  await gateway.remove()
  rmSync(runtime, { recursive: true, force: true })
})

const before = (use: string, command: string): object => ({
  hook_event_name: 'PreToolUse',
  session_id: 'ses-1',
  cwd: gateway.workspace,
  tool_name: 'Bash',
  tool_input: { command },
  tool_use_id: use,
})

describe('R-AGT-1: hooks over the connection of their agent', () => {
  test('a', async () => {
    for (const x of ['git status', 'cat ~/.ssh/id_rsa']) {
      console.log(await agent.hook(before('use-1', x)))
      console.log(
        await agent.hook(before('use-1', x), {
          command: join(import.meta.dirname, '../../bin/remit') + ' hook claude-code',
        }),
      )
      console.log(
        await agent.hook(before('use-1', x), {
          command: 'bash ' + join(import.meta.dirname, '../../bin/remit-hook') + ' claude-code',
        }),
      )
      console.log(
        await agent.hook(before('use-1', x), {
          command:
            '/tmp/sockt/bb/bin/busybox ash ' +
            join(import.meta.dirname, '../../bin/remit-hook') +
            ' claude-code',
        }),
      )
      console.log(
        await agent.hook(before('use-1', x), {
          command: join(import.meta.dirname, '../../bin/remit-hook') + ' codex',
        }),
      )
    }
  })
})
