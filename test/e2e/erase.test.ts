import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { APPROVER_CODE, startGateway } from '../support/running-gateway.ts'
import { startSampleServer } from '../support/sample-server.ts'

const APPROVER = { REMIT_APPROVER: APPROVER_CODE }
const WORD = 'mark7of-a-call'

test('R-AUD-2: from the command line, a task is held, erased, and told of by `audit verify`; no file has its words any more', async () => {
  const server = await startSampleServer()
  const gateway = await startGateway({
    config: () => `servers:
  notes:
    url: ${server.url}
    fileSystem: none
    tools:
      echo: { actions: [data.read] }
`,
  })
  const { token, task } = gateway.task()
  const client = await connectClient(gateway.agentUrl, token, 'modern')
  await callTool(client, 'notes__echo', { text: WORD })
  await client.close()
  gateway.remit(['task', 'revoke', task.id])
  const state = join(gateway.home, '.remit')
  const filesWith = (): readonly string[] =>
    readdirSync(state, { withFileTypes: true })
      .filter((entry) => entry.isFile() && readFileSync(join(state, entry.name)).includes(WORD))
      .map(({ name }) => name)
  expect(filesWith()).not.toEqual([])

  const erase = (...more: readonly string[]) =>
    gateway.remit(['audit', 'erase', '--task', task.id, ...more], APPROVER)
  expect(erase('--dry-run').stdout).toMatch(/^would destroy the content of \d+ records, .* and 1 tasks$/m)
  const hold = gateway.remit(['audit', 'hold', 'add', '--task', task.id, '--reason', 'court'], APPROVER)
  const id = /hld_\w+/.exec(hold.stdout)?.[0] ?? hold.stderr
  const refused = erase('--reason', 'case 7', '--yes')
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining(id)])
  gateway.remit(['audit', 'hold', 'remove', id, '--reason', 'over'], APPROVER)
  expect(filesWith()).not.toEqual([])
  const done = erase('--reason', 'case 7', '--yes')
  expect(done.stdout).toMatch(/^destroyed the content of .*: order ers_\w+$/m)
  expect(filesWith()).toEqual([])
  const verified = gateway.remit(['audit', 'verify'])
  expect(verified.stdout).toMatch(
    /erased by order ers_\w+ of mona, .*: detail and payload of \d+ records; case 7/,
  )
  expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('the ledger holds')])
  await gateway.remove()
  await server.close()
})
