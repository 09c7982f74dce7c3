import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { GrantsAnswer } from '../../src/api/grants-contract.ts'
import { callTool, connectClient } from '../support/mcp-client.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { findProgram } from '../support/required-programs.ts'
import { TypedTerminal } from '../support/typed-terminal.ts'
import { startSampleServer } from '../support/sample-server.ts'

const MAIN = join(ROOT, 'src', 'cli', 'main.ts')
const APPROVER = { REMIT_APPROVER: APPROVER_CODE }

/** One call of a tool that takes a command, by a client of its own. */
async function run(gateway: RunningGateway, token: string, command: string): Promise<string> {
  const client = await connectClient(gateway.agentUrl, token, 'modern')
  const { isError, text } = await callTool(client, 'shell__echo', { text: command })
  await client.close()
  return isError ? (/apr_[0-9a-z]+/.exec(text)?.[0] ?? text) : 'ran'
}

const script = findProgram('script')

test.skipIf(script === undefined)(
  'R-UX-2: at a real terminal, what waits is opened and approved, and the code that is asked for is not shown',
  async () => {
    const server = await startSampleServer()
    const gateway = await startGateway({
      config: () => `consent: { hold: 1s }
servers:
  shell:
    url: ${server.url}
    fileSystem: none
    tools:
      echo: { actions: [shell.execute], arguments: { text: command } }
`,
    })
    const { token } = gateway.task()
    const asked = await run(gateway, token, 'npm test')
    const { REMIT_APPROVER: _, ...env } = process.env
    const words = [process.execPath, MAIN, 'approvals', 'watch', '--admin-url', gateway.adminUrl]
    const terminal = new TypedTerminal(script ?? '', words, { cwd: realpathSync(gateway.home), env })
    const shows = (text: string): Promise<void> =>
      expect.poll(() => terminal.shown, { timeout: 60_000 }).toContain(text)
    await shows('shell__echo')
    terminal.type('1')
    await shows('a approves, r refuses')
    expect(terminal.shown).toContain(asked)
    terminal.type('a seen')
    await shows('pprover code')
    terminal.type(APPROVER_CODE)
    await shows('granted')
    terminal.type('q')
    expect(await terminal.ended).toBe(0)
    expect(terminal.shown).not.toContain(APPROVER_CODE)
    expect(await run(gateway, token, 'npm test')).toBe('ran')
    await gateway.remove()
    await server.close()
  },
  120_000,
)

test('R-CON-5: from the command line, a grant for the task is given, used, listed, kept over a kill, and revoked', async () => {
  const server = await startSampleServer()
  const first = await startGateway({
    config: () => `consent: { hold: 1s }
servers:
  shell:
    url: ${server.url}
    fileSystem: none
    tools:
      echo: { actions: [shell.execute], arguments: { text: command } }
`,
  })
  const { token, task } = first.task()
  const asked = await run(first, token, 'npm test')
  const shown = first.remit(['approvals', 'show', asked]).stdout
  expect(shown).toContain('! this runs code which the agent may have written or changed')
  expect(shown).toContain('approve for the rest of the task (until ')
  const byAgent = first.remit(['approvals', 'approve', asked, '--for-task'], { REMIT_APPROVER: token })
  expect(byAgent.status).toBe(1)
  const approved = first.remit(['approvals', 'approve', asked, '--for-task'], APPROVER)
  const grant = /grants revoke (grt_[0-9a-z]+)/.exec(approved.stdout)?.[1] ?? approved.stderr
  expect(await run(first, token, 'npm test')).toBe('ran')
  expect(await run(first, token, 'npm test')).toBe('ran')

  await first.kill('SIGKILL')
  const second = await first.restart()
  expect(await run(second, token, 'npm test')).toBe('ran')
  expect(await run(second, token, 'npm run deploy')).toMatch(/^apr_/)
  const listed = second.remit(['grants', 'list', '--task', task.id])
  expect(listed.stdout).toMatch(
    new RegExp(`^${grant} +until .* 2 +mona +${task.id} +shell__echo .*npm test`, 'm'),
  )

  const stored = readFileSync(join(second.home, '.remit', 'local-credential'), 'utf8').trim()
  const read = async (): Promise<GrantsAnswer> => {
    const answer = await fetch(`${second.adminUrl}/grants`, {
      headers: { authorization: `Bearer ${stored}` },
    })
    return (await answer.json()) as GrantsAnswer
  }
  expect((await read()).grants).toMatchObject([
    { id: grant, uses: 2, covers: { arguments: { text: 'npm test' } } },
  ])
  expect(second.remit(['grants', 'revoke', grant, '--reason', 'done'])).toMatchObject({ status: 0 })
  expect(await run(second, token, 'npm test')).toMatch(/^apr_/)
  expect((await read()).grants).toMatchObject([{ revoked: { by: 'alice', reason: 'done' } }])
  expect(second.remit(['grants', 'revoke', 'grt_none']).stderr).toContain('grant_unknown')

  const records = second.remit(['audit', 'tail', '--json', '--lines', '100']).stdout
  expect(records.match(/"kind":"grant\.(created|revoked)"/g)).toHaveLength(2)
  expect(second.remit(['audit', 'tail', '--kind', 'decision']).stdout).toContain(`under ${grant} of mona`)
  expect(second.remit(['audit', 'verify'])).toMatchObject({ status: 0 })
  expect(server.ran).toEqual(['echo', 'echo', 'echo'])
  await second.remove()
  await server.close()
}, 240_000)
