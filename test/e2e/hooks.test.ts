import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barePath } from '../support/bare-path.ts'
import type { FleetAnswer } from '../../src/api/contract.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

let gateway: RunningGateway
let token: string
beforeAll(async () => {
  gateway = await startGateway({ config: () => 'servers: {}\nhooks: { hold: 20s }' })
  writeFileSync(join(gateway.workspace, 'notes.txt'), 'nothing special\n')
  ;({ token } = gateway.task(['--workspace', gateway.workspace]))
}, 240_000)
afterAll(() => gateway.remove())

interface HookRun {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The hook as an agent runs it. */
async function hook(
  payload: object,
  options: { readonly agent?: string; readonly env?: NodeJS.ProcessEnv; readonly node?: boolean } = {},
): Promise<HookRun> {
  const { agent = 'claude-code' } = options
  const env = {
    PATH: process.env['PATH'],
    REMIT_AGENT_URL: new URL(gateway.agentUrl).origin,
    REMIT_TOKEN: token,
    ...options.env,
  }
  const child =
    options.node === true
      ? spawn(process.execPath, [join(ROOT, 'src', 'cli', 'main.ts'), 'hook', agent], { env })
      : spawn(join(ROOT, 'bin', 'remit-hook'), [agent], { env })
  // A client that refuses at once reads nothing.
  child.stdin.on('error', () => undefined)
  child.stdin.end(JSON.stringify(payload))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}

const about = (use: string, tool: string, input: object): object => ({
  session_id: 'ses-1',
  cwd: gateway.workspace,
  tool_name: tool,
  tool_input: input,
  tool_use_id: use,
})
const before = (use: string, tool: string, input: object): object => ({
  ...about(use, tool, input),
  hook_event_name: 'PreToolUse',
})
const after = (use: string, tool: string, input: object, response: object): object => ({
  ...about(use, tool, input),
  hook_event_name: 'PostToolUse',
  tool_response: response,
})

interface Recorded {
  readonly kind: string
  readonly call?: { readonly door: string; readonly server: string; readonly tool: string }
  readonly correlation?: { readonly toolUse?: string }
  readonly decision?: { readonly effect: string }
  readonly outcome?: { readonly status: string; readonly reported?: boolean }
}

function recordsOf(use: string): Recorded[] {
  const { stdout } = gateway.remit(['audit', 'export', '--json'])
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"record"'))
    .map((line) => {
      const { record } = JSON.parse(line) as { record: { body: string | Recorded } }
      return typeof record.body === 'string' ? (JSON.parse(record.body) as Recorded) : record.body
    })
    .filter((body) => body.correlation?.toolUse === use)
}

async function pendingApproval(): Promise<string> {
  for (;;) {
    const { stdout } = gateway.remit(['approvals', 'list', '--json'])
    const [id] = /apr_[0-9a-z]+/.exec(stdout) ?? []
    if (id !== undefined) return id
    await setTimeout(50)
  }
}

describe('R-AGT-1: the tools that an agent has of its own, at its hooks', () => {
  test('Cursor’s are Cursor’s, also at the hooks of Claude Code, which it runs beside its own', async () => {
    const told = { hook_event_name: 'preToolUse', conversation_id: 'c-1', cursor_version: '2026.08.11' }
    const use = { tool_name: 'Shell', tool_input: { command: 'git status' }, tool_use_id: 'use-of-cursor' }
    const asked = await hook({ ...told, ...use, workspace_roots: [gateway.workspace], cwd: '' })
    expect(asked).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('allow') })
    expect(recordsOf('use-of-cursor')).toMatchObject([{ call: { server: 'cursor', tool: 'Shell' } }])
  })

  test('a harmless one runs, and its end is on record as the agent reported it', async () => {
    const input = { file_path: join(gateway.workspace, 'notes.txt') }
    const asked = await hook(before('use-read', 'Read', input))
    expect(asked).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(asked.stdout)).toMatchObject({ hookSpecificOutput: { permissionDecision: 'allow' } })
    expect(await hook(after('use-read', 'Read', input, { content: 'nothing special' }))).toMatchObject({
      status: 0,
      stdout: '',
    })
    expect(recordsOf('use-read')).toMatchObject([
      {
        kind: 'decision',
        call: { door: 'hook', server: 'claude-code', tool: 'Read' },
        decision: { effect: 'allow' },
      },
      { kind: 'outcome', outcome: { status: 'ok', reported: true } },
    ])
  })

  test('a forbidden one is refused by exit code 2, with the reason for the agent', async () => {
    const refused = await hook(before('use-rm', 'Bash', { command: 'cat ~/.ssh/id_ed25519' }))
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^remit: /)
  })

  test('a secret in a result is replaced before the model reads it', async () => {
    const input = { command: 'cat settings.env' }
    expect((await hook(before('use-env', 'Bash', { command: 'git status' }))).status).toBe(0)
    const secret = ['ghp', 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2'].join('_')
    const told = await hook(
      after('use-env', 'Bash', input, { stdout: `token ${secret}`, stderr: '', interrupted: false }),
    )
    expect(told.status).toBe(0)
    expect(told.stdout).not.toContain(secret)
    expect(JSON.parse(told.stdout)).toMatchObject({
      hookSpecificOutput: { updatedToolOutput: { stdout: expect.stringContaining('redacted') } },
    })
  })

  test('a secret in the result of what was never asked about is replaced all the same', async () => {
    const secret = ['ghp', 'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2'].join('_')
    const told = await hook(after('use-unasked', 'Bash', { command: 'env' }, { stdout: `token ${secret}` }))
    expect(told).toMatchObject({ status: 0, stdout: expect.stringContaining('redacted') })
    expect(told.stdout).not.toContain(secret)
    expect(recordsOf('use-unasked')).toEqual([])
  })

  test('a server whose name begins as the gateway’s does is none of its tools', async () => {
    const name = 'mcp__remit__evil__run'
    const payload = {
      ...before('use-alike', name, {}),
      mcp_server: { name: 'remit__evil', source: 'project' },
    }
    expect((await hook(payload)).status).toBe(2)
  })

  test('a tool of the gateway is decided once, at the MCP door', async () => {
    expect((await hook(before('use-mcp', 'mcp__remit__files_read', {}))).status).toBe(0)
    expect(recordsOf('use-mcp')).toEqual([])
  })

  test('an MCP server that goes past the gateway is refused', async () => {
    expect((await hook(before('use-past', 'mcp__github__merge', { pr: 1 }))).status).toBe(2)
    expect(recordsOf('use-past')).toMatchObject([
      { kind: 'decision', call: { server: 'claude-code-github' }, decision: { effect: 'deny' } },
    ])
  })

  test('R-CON-1: one that a human must agree to waits at its hook, and runs when they did', async () => {
    const waiting = hook(before('use-ask', 'Bash', { command: 'npm install left-pad' }))
    const id = await pendingApproval()
    const approved = gateway.remit(['approvals', 'approve', id], { REMIT_APPROVER: `mona:${APPROVER_CODE}` })
    expect(approved).toMatchObject({ status: 0 })
    expect(await waiting).toMatchObject({ status: 0, stderr: '' })
    expect(recordsOf('use-ask').map(({ kind, decision }) => [kind, decision?.effect])).toEqual(
      expect.arrayContaining([
        ['decision', 'consent'],
        ['decision', 'allow'],
      ]),
    )
  })

  test('Codex hears nothing where it may go on, and the words alone where not', async () => {
    const options = { agent: 'codex' }
    expect(await hook(before('use-c1', 'Bash', { command: 'git status' }), options)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    })
    expect((await hook(before('use-c2', 'Bash', { command: 'cat ~/.ssh/id_rsa' }), options)).status).toBe(2)
  })

  test('an HTTP hook is answered in the agent’s own JSON, refusals as much as permits', async () => {
    const ask = async (authorization: string): Promise<unknown> => {
      const response = await fetch(new URL('/hooks/v1/claude-code', gateway.agentUrl), {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(before('use-http', 'Bash', { command: 'git status' })),
      })
      expect(response.status).toBe(200)
      return response.json()
    }
    expect(await ask(`Bearer ${token}`)).toMatchObject({
      hookSpecificOutput: { permissionDecision: 'allow' },
    })
    expect(await ask('Bearer wrong')).toMatchObject({
      hookSpecificOutput: {
        permissionDecision: 'deny',
        permissionDecisionReason: expect.stringMatching(/token/),
      },
    })
  })
})

describe('R-AGT-1: heartbeats', () => {
  test('of a session that begins say nothing to the agent, and put it into the fleet', async () => {
    const starts = {
      hook_event_name: 'SessionStart',
      session_id: 'ses-9',
      cwd: gateway.workspace,
      source: 'startup',
    }
    expect(await hook(starts, { agent: 'codex' })).toMatchObject({ status: 0, stdout: '', stderr: '' })
    const { agents } = JSON.parse(
      gateway.remit(['agents', 'list', '--agent', 'codex', '--json']).stdout,
    ) as FleetAnswer
    expect(agents).toMatchObject([{ agent: 'codex', state: 'alive', human: 'alice', machine: null }])
  })
})

describe('R-AGT-1: what goes wrong is a no', () => {
  const harmless = (): object => before('use-wrong', 'Bash', { command: 'git status' })

  test.each([
    ['no token', { REMIT_TOKEN: '' }, /no task/],
    ['a token of nobody', { REMIT_TOKEN: 'rmt_nobody' }, /token/],
    ['no gateway', { REMIT_AGENT_URL: 'http://127.0.0.1:9' }, /does not answer/],
    ['a token that would add a header', { REMIT_TOKEN: 'a"\nheader = "x: y' }, /characters/],
  ])('%s', async (_, env, words) => {
    const run = await hook(harmless(), { env })
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toMatch(words)
  })

  test('an agent that is not known, and a payload that is no hook', async () => {
    expect((await hook(harmless(), { agent: 'nobody' })).status).toBe(2)
    expect((await hook({ hook_event_name: 'PreToolUse' })).status).toBe(2)
    expect((await hook([])).status).toBe(2)
    // Set up with the name of another agent.
    expect((await hook(harmless(), { agent: 'gemini-cli' })).status).toBe(2)
  })

  test.each([
    ['bash', ['cat', 'dirname', 'bash']],
    ['Node', ['cat', 'dirname']],
  ])('where there is no curl, %s asks and refuses alike', async (_, programs) => {
    const PATH = barePath(programs)
    try {
      expect(await hook(harmless(), { env: { PATH } })).toMatchObject({ status: 0, stderr: '' })
      const refused = await hook(before('use-forbidden', 'Bash', { command: 'cat ~/.ssh/id_rsa' }), {
        env: { PATH },
      })
      expect(refused).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringMatching(/^remit: denied/),
      })
      expect(await hook(harmless(), { env: { PATH, REMIT_TOKEN: 'rmt_nobody' } })).toMatchObject({
        status: 2,
        stdout: '',
      })
      const cut = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{}'))
      cut.listen(0, '127.0.0.1')
      await once(cut, 'listening')
      const { port } = cut.address() as AddressInfo
      const env = { PATH, REMIT_AGENT_URL: `http://127.0.0.1:${port}` }
      expect(await hook(harmless(), { env })).toMatchObject({ status: 2, stdout: '' })
      cut.close()
    } finally {
      rmSync(PATH, { recursive: true, force: true })
    }
  })

  test('remit hook does, too', async () => {
    expect(await hook(harmless(), { node: true })).toMatchObject({ status: 0 })
  })
})
