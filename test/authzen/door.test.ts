import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { startAuthzenGateway, type AuthzenGateway, type Evaluated } from '../support/authzen-gateway.ts'
import { ask } from '../tenants/ask.ts'
import { ROOT } from '../support/running-gateway.ts'

let gateway: AuthzenGateway
beforeAll(async () => {
  gateway = await startAuthzenGateway({
    people: { alice: ['member'], mona: ['maintainer'] },
    policies: join(ROOT, 'policies', 'coding-agent'),
    config: `workflows:
  code: { description: run the application, environment: laptop, lifetime: 2h, consent: { open: 100, hourly: 100 } }
authzen:
  tools:
    list_issues: { actions: [data.read] }
`,
  })
  writeFileSync(join(gateway.workspace, 'notes.txt'), 'nothing special\n')
}, 240_000)
afterAll(() => gateway.remove())

const SELF = { type: 'task', id: 'self' }
const may = (name: string, type: string, id: string, more: JsonObject = {}): Promise<Evaluated> =>
  gateway.evaluate('alice', { subject: SELF, action: { name }, resource: { type, id }, ...more })

interface Envelope {
  readonly id: string
  readonly kind: string
  readonly call?: { readonly door: string; readonly server: string; readonly tool: string }
  readonly decision?: { readonly effect: string; readonly policies: readonly string[] }
  readonly outcome?: { readonly status: string; readonly reported?: boolean }
  readonly operations?: readonly { readonly action: string; readonly resource: JsonObject }[]
}

async function newest(kind: 'decision' | 'outcome'): Promise<Envelope> {
  const { records } = (await gateway.admin('mona', 'GET', `/records?kind=${kind}`)) as unknown as {
    readonly records: readonly { readonly envelope: Envelope }[]
  }
  return records[0]?.envelope as Envelope
}

describe('R-API-1: an application that asks before it acts', () => {
  test('what is ordinary is permitted, on record, and its end as it was reported', async () => {
    const permitted = await may('file.read', 'File', 'notes.txt')
    expect(permitted).toMatchObject({ decision: true })
    expect(await newest('decision')).toMatchObject({
      id: permitted.remit['decision'],
      call: { door: 'authzen', server: 'authzen', tool: 'file.read' },
    })
    const secret = ['ghp', 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2'].join('_')
    const end = { decision: permitted.remit['decision'] ?? '', status: 'ok', result: `token ${secret}` }
    const reported = await gateway.post('alice', '/access/v1/outcomes', end)
    expect(reported.status).toBe(200)
    expect(JSON.parse(reported.text)).toMatchObject({
      recorded: true,
      result: expect.stringMatching(/^token .*redacted/),
    })
    expect(reported.text).not.toContain(secret)
    expect(await newest('outcome')).toMatchObject({ outcome: { status: 'ok', reported: true } })
    // Once, by its own task alone.
    expect((await gateway.post('alice', '/access/v1/outcomes', end)).status).toBe(404)
  })

  test('an outcome is told by the task that was permitted, and by no other', async () => {
    const { remit } = await may('file.read', 'File', 'notes.txt')
    const end = { decision: remit['decision'] ?? '', status: 'error', error: 'disk on fire' }
    expect((await gateway.post('mona', '/access/v1/outcomes', end)).status).toBe(404)
    expect((await gateway.post('alice', '/access/v1/outcomes', { ...end, status: 'fine' })).status).toBe(400)
    expect((await gateway.post('alice', '/access/v1/outcomes', end)).status).toBe(200)
    expect(await newest('outcome')).toMatchObject({ outcome: { status: 'error', reported: true } })
  })

  test.each([
    ['file.read', 'File', '/home/somebody/.ssh/id_ed25519'],
    ['shell.execute', 'Command', 'cat ~/.ssh/id_ed25519'],
    ['file.write', 'File', '../outside.txt'],
  ])('%s on %s `%s` is no, with the reason', async (action, type, id) => {
    const refused = await may(action, type, id)
    expect(refused.decision).toBe(false)
    expect(refused.context?.['reason']).toEqual(expect.any(String))
    expect(refused.remit).toMatchObject({ decision: expect.stringMatching(/^dec_/) })
  })

  test('R-CON-1: what needs a human says where, and is permitted once they agreed', async () => {
    const asked = await may('shell.execute', 'Command', 'npm install left-pad')
    expect(asked).toMatchObject({
      decision: false,
      remit: {
        code: 'approval_pending',
        retry: true,
        approval: { state: 'pending', url: expect.any(String) },
      },
    })
    const { id } = asked.remit['approval'] as { readonly id: string }
    await gateway.admin('mona', 'POST', `/approvals/${id}/approve`, {})
    expect(await may('shell.execute', 'Command', 'npm install left-pad')).toMatchObject({ decision: true })
    // An agreement is good once.
    expect(await may('shell.execute', 'Command', 'npm install left-pad')).toMatchObject({ decision: false })
  })

  test('R-CON-1: an application that prefers to wait is answered when they agreed', async () => {
    const body = {
      subject: SELF,
      action: { name: 'shell.execute' },
      resource: { type: 'Command', id: 'npm install right-pad' },
    }
    const pending = await gateway.evaluate('alice', body)
    const { id } = pending.remit['approval'] as { readonly id: string }
    const waiting = gateway.post('alice', '/access/v1/evaluation', body, { prefer: 'wait=60' })
    await gateway.admin('mona', 'POST', `/approvals/${id}/approve`, {})
    expect(JSON.parse((await waiting).text)).toMatchObject({ decision: true })
  })

  test('a call of a tool is what the configuration says of it, and one that nothing describes is asked about', async () => {
    const call = (tool: string, input: JsonObject = {}) =>
      may('tool.call', 'Tool', tool, { context: { arguments: input } })
    expect(await call('list_issues', { state: 'open' })).toMatchObject({ decision: true })
    expect(await call('reticulate', { splines: 3 })).toMatchObject({
      decision: false,
      remit: { retry: true },
    })
    expect(await may('reticulate', 'spline', '3')).toMatchObject({ decision: false, remit: { retry: true } })
  })

  test.each([
    ['an action on another type of thing', 'file.write', 'todo', 'a'],
    ['a move to somewhere untold', 'file.move', 'File', 'notes.txt'],
    ['a statement that does more than was said', 'sql.read', 'Statement', 'drop table people'],
    ['a question of MCP', 'sampling.create', 'Server', 'x'],
  ])('%s is never harmless', async (_, action, type, id) => {
    expect(await may(action, type, id)).toMatchObject({ decision: false })
  })

  test('a token speaks for its own task, agent and human, and for nobody else', async () => {
    const as = (subject: { type: string; id: string }) =>
      gateway.evaluate('alice', {
        subject,
        action: { name: 'file.read' },
        resource: { type: 'File', id: 'notes.txt' },
      })
    expect(await as({ type: 'user', id: 'alice' })).toMatchObject({ decision: true })
    expect(await as({ type: 'task', id: gateway.task('alice') })).toMatchObject({ decision: true })
    for (const subject of [
      { type: 'user', id: 'mona' },
      { type: 'agent', id: 'alice' },
      { type: 'task', id: gateway.task('mona') },
      { type: 'group', id: 'alice' },
    ]) {
      const refused = await as(subject)
      expect(refused).toMatchObject({
        decision: false,
        context: { reason: expect.stringMatching(/another subject/) },
      })
      expect(await newest('decision')).toMatchObject({ decision: { effect: 'deny' } })
    }
  })

  test('no token, one of nobody, and a page of elsewhere are not heard', async () => {
    const url = `${gateway.agentUrl}/access/v1/evaluation`
    const body = { subject: SELF, action: { name: 'file.read' }, resource: { type: 'File', id: 'a' } }
    const asked = (credential?: string, headers = {}) =>
      ask({ method: 'POST', url, body, ...(credential === undefined ? {} : { credential }), headers })
    expect((await asked()).status).toBe(401)
    expect((await asked('rmt_nobody')).headers['www-authenticate']).toMatch(/^Bearer/)
    expect((await asked(gateway.token('alice'), { origin: 'https://evil.example' })).status).toBe(403)
  })
})

describe('R-API-1: the examples', () => {
  async function run(program: string, file: string, path: string) {
    const child = spawn(program, [join(ROOT, 'examples', file), path], {
      cwd: gateway.workspace,
      env: {
        PATH: process.env['PATH'],
        REMIT_AGENT_URL: gateway.agentUrl,
        REMIT_TOKEN: gateway.token('alice'),
      },
    })
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { status: child.exitCode, out, err }
  }
  const python = (() => {
    try {
      execFileSync('python3', ['--version'])
      return true
    } catch {
      return false
    }
  })()

  test('TypeScript', async () => {
    expect(await run(process.execPath, 'authzen.ts', 'notes.txt')).toMatchObject({
      status: 0,
      out: expect.stringContaining('nothing special'),
    })
    const refused = await run(process.execPath, 'authzen.ts', '/etc/shadow')
    expect(refused.status).toBe(1)
    expect(refused.out).toBe('')
  })

  test.skipIf(!python)(`Python${python ? '' : ': there is no python3'}`, async () => {
    expect(await run('python3', 'authzen.py', 'notes.txt')).toMatchObject({
      status: 0,
      out: expect.stringContaining('nothing special'),
    })
    const refused = await run('python3', 'authzen.py', '/etc/shadow')
    expect(refused.status).toBe(1)
    expect(refused.err).toMatch(/PermissionError/)
  })
})
