import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callTool, connectClient, type ClientEra } from '../support/mcp-client.ts'
import { fillWorkspace, realServers } from '../support/real-servers.ts'
import { APPROVER_CODE, startGateway, type RunningGateway } from '../support/running-gateway.ts'

const APPROVER = { REMIT_APPROVER: APPROVER_CODE }

let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway({ config: (at) => `consent: { hold: 1s }\n${realServers(at)}` })
  fillWorkspace(gateway.workspace)
  symlinkSync('/etc', join(gateway.workspace, 'etc-link'))
  symlinkSync(join(gateway.workspace, '.env'), join(gateway.workspace, 'docs', 'innocent.md'))
}, 240_000)

afterAll(() => gateway.remove())

const at = (path: string): string => join(gateway.workspace, path)

describe.each<ClientEra>(['modern', 'legacy'])('a %s client on real servers', (era) => {
  let client: Client
  let task: ReturnType<RunningGateway['task']>

  beforeAll(async () => {
    task = gateway.task()
    client = await connectClient(gateway.agentUrl, task.token, era)
  })

  afterAll(() => client.close())

  test('R-MCP-2: tools of every server are listed under the server’s key', async () => {
    const { tools } = await client.listTools()
    const names = tools.map((tool) => tool.name)
    expect(names).toContain('filesystem__read_text_file')
    expect(names).toContain('memory__read_graph')
    const servers = names.map((name) => name.split('__', 1)[0] ?? '')
    expect(servers).toEqual(servers.toSorted((a, b) => (a < b ? -1 : 1)))
    const again = await client.listTools()
    expect(again.tools.map((tool) => tool.name)).toEqual(names)
  })

  test('R-ID-2: a narrower task is shown fewer tools', async () => {
    const narrow = gateway.task(['--server', 'filesystem', '--tool', 'filesystem__read_*'])
    const other = await connectClient(gateway.agentUrl, narrow.token, era)
    const { tools } = await other.listTools()
    expect(tools.length).toBeGreaterThan(0)
    expect(tools.filter((tool) => !tool.name.startsWith('filesystem__read_'))).toEqual([])
    const answer = await callTool(other, 'filesystem__list_directory', { path: gateway.workspace }).catch(
      (error: Error) => ({ isError: true, text: error.message }),
    )
    expect(answer.isError).toBe(true)
    await other.close()
  })

  test('R-IFC-3: a secret in a file that may be read does not reach the agent', async () => {
    const token = ['ghp_', 'Zq8Lm2Xc7Vb4Nd9Kf3Hs6Jt1Wy5Rp0Ga2Ue4'].join('')
    writeFileSync(at('src/deploy.ts'), `export const token = '${token}'\n`)
    const answer = await callTool(client, 'filesystem__read_text_file', { path: at('src/deploy.ts') })
    expect(answer.text).toContain("export const token = '[redacted: github-pat]'")
    expect(JSON.stringify(answer)).not.toContain(token.slice(8))
  })

  test('R-POL-1: an ordinary source file is read', async () => {
    const answer = await callTool(client, 'filesystem__read_text_file', { path: at('src/add.ts') })
    expect(answer.text).toContain('a + b')
    expect(answer.isError).toBe(false)
  })

  test.each([
    ['.env', 'a secret file'],
    ['src/../.env', 'a secret file by `..`'],
    ['docs/innocent.md', 'a secret file through a link'],
    ['etc-link/passwd', 'a file outside through a link'],
    ['../remit.yaml', 'Remit’s own configuration'],
    ['../.remit/local-credential', 'Remit’s own state'],
  ])('R-CLS-1: %s is not read (%s), and the agent is told why', async (path) => {
    const answer = await callTool(client, 'filesystem__read_text_file', { path: at(path) })
    expect(answer.isError).toBe(true)
    expect(answer.text).toMatch(/denied|pending/)
    expect(answer.text).not.toContain('not-a-real-token')
  })

  test('R-POL-2: docs are written without asking', async () => {
    const answer = await callTool(client, 'filesystem__write_file', {
      path: at(`docs/${era}.md`),
      content: '# By an agent\n',
    })
    expect(answer).toMatchObject({ isError: false })
    expect(readFileSync(at(`docs/${era}.md`), 'utf8')).toBe('# By an agent\n')
  })

  test('R-CON-3: a workflow is written once, after a maintainer agreed to exactly that call', async () => {
    const file = at(`.github/workflows/release-${era}.yml`)
    const call = { path: file, content: 'on: workflow_dispatch\n' }
    const asked = await callTool(client, 'filesystem__write_file', call)
    expect(asked.isError).toBe(true)
    const id = /apr_[0-9a-z]+/.exec(asked.text)?.[0] ?? ''
    expect(asked.text).toContain('retry')
    expect(() => readFileSync(file)).toThrow(/ENOENT/)

    const shown = gateway.remit(['approvals', 'show', id])
    expect(shown.stdout).toContain('mend the failing tests')
    expect(shown.stdout).toContain('workflow_dispatch')

    const byAgent = gateway.remit(['approvals', 'approve', id], { REMIT_APPROVER: task.token })
    expect(byAgent.status).toBe(1)
    const approved = gateway.remit(['approvals', 'approve', id], APPROVER)
    expect(approved).toMatchObject({ status: 0 })

    const other = await callTool(client, 'filesystem__write_file', { ...call, content: 'on: push\n' })
    expect(other.isError).toBe(true)
    const ran = await callTool(client, 'filesystem__write_file', call)
    expect(ran).toMatchObject({ isError: false })
    expect(readFileSync(file, 'utf8')).toBe('on: workflow_dispatch\n')

    writeFileSync(file, 'changed by somebody else\n')
    const again = await callTool(client, 'filesystem__write_file', call)
    expect(again.isError).toBe(true)
    expect(again.text).not.toContain(id)
    expect(readFileSync(file, 'utf8')).toBe('changed by somebody else\n')
  })

  test('R-CON-2: a refusal reaches the agent with its reason and stays', async () => {
    const call = { path: at(`.github/workflows/nightly-${era}.yml`), content: 'on: schedule\n' }
    const asked = await callTool(client, 'filesystem__write_file', call)
    const id = /apr_[0-9a-z]+/.exec(asked.text)?.[0] ?? ''
    const refused = gateway.remit(['approvals', 'refuse', id, '--reason', 'not in this task'], APPROVER)
    expect(refused).toMatchObject({ status: 0 })
    const retried = await callTool(client, 'filesystem__write_file', call)
    expect(retried.isError).toBe(true)
    expect(retried.text).toContain('not in this task')
  })

  test('R-ID-3: revoking a task stops its very next call', async () => {
    const mine = gateway.task()
    const other = await connectClient(gateway.agentUrl, mine.token, era)
    const read = (): Promise<unknown> =>
      callTool(other, 'filesystem__read_text_file', { path: at('src/add.ts') })
    await expect(read()).resolves.toMatchObject({ isError: false })
    expect(gateway.remit(['task', 'revoke', mine.task.id])).toMatchObject({ status: 0 })
    await expect(read()).rejects.toThrow(/revoked|401|Unauthorized/i)
  })
})

test('R-CON-2: the credential on the disk reads and revokes, and approves nothing', async () => {
  const { token } = gateway.task()
  const client = await connectClient(gateway.agentUrl, token, 'modern')
  const asked = await callTool(client, 'filesystem__write_file', {
    path: at('.github/workflows/x.yml'),
    content: 'x',
  })
  const id = /apr_[0-9a-z]+/.exec(asked.text)?.[0] ?? ''
  const stored = readFileSync(join(gateway.home, '.remit', 'local-credential'), 'utf8').trim()
  const answer = await fetch(`${gateway.adminUrl}/approvals/${id}/approve`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stored}`, 'content-type': 'application/json' },
    body: '{}',
  })
  expect(answer.status).toBe(403)
  await client.close()
})

test('R-AUD-2: the ledger of all this verifies, and one flipped byte is located', async () => {
  const verified = gateway.remit(['audit', 'verify', '--json'])
  expect(verified).toMatchObject({ status: 0 })
  const tail = gateway.remit(['audit', 'tail', '--json'])
  expect(tail.stdout).toContain('"kind":"decision"')
  expect(tail.stdout).toContain('"kind":"outcome"')
})
