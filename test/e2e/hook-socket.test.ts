import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { barePath } from '../support/bare-path.ts'
import { type HookedAgent, startAgent } from '../support/hooked-agent.ts'
import { ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'

/** Where there is neither curl nor openssl, nor anything else that is not needed. */
const bare = barePath(['cat', 'dirname'])
const CLIENTS = [
  ['as it is installed', {}],
  ['where there is Node alone', { PATH: bare }],
] as const

let gateway: RunningGateway
let runtime: string
let agent: HookedAgent
/** Another agent, beside it. */
let other: HookedAgent
let mine: ReturnType<RunningGateway['task']>
let theirs: ReturnType<RunningGateway['task']>
/** Where the connection of `agent` is told of. */
let registration: string

beforeAll(async () => {
  runtime = mkdtempSync(join(tmpdir(), 'hk-'))
  gateway = await startGateway({ config: () => 'servers: {}\nhooks: { hold: 1s }' })
  agent = startAgent(runtime)
  other = startAgent(runtime)
  mine = gateway.task()
  theirs = gateway.task()
  ;[registration] = await Promise.all([connect(agent, mine), connect(other, theirs)])
}, 240_000)
afterAll(async () => {
  await Promise.all([agent, other].map((each) => each.stop()))
  await gateway.remove()
  for (const folder of [runtime, bare]) rmSync(folder, { recursive: true, force: true })
})

function connect(by: HookedAgent, { token }: ReturnType<RunningGateway['task']>): Promise<string> {
  return by.connect(['--agent', 'claude-code', '--url', gateway.agentUrl], { REMIT_TASK_TOKEN: token })
}

const before = (use: string, command = 'git status'): object => ({
  hook_event_name: 'PreToolUse',
  session_id: 'ses-1',
  cwd: gateway.workspace,
  tool_name: 'Bash',
  tool_input: { command },
  tool_use_id: use,
})

/** The tasks for which something of this use is on record. */
function tasksOf(...uses: readonly string[]): string[] {
  const { stdout } = gateway.remit(['audit', 'export', '--json'])
  return uses.map((use) => {
    const line = stdout.split('\n').find((each) => each.includes(use))
    return /tsk_[0-9a-z]+/.exec(line ?? '')?.[0] ?? 'none'
  })
}

describe('R-AGT-1: hooks over the connection of their agent', () => {
  test.each(CLIENTS)('ask for its task, without a token anywhere: %s', async (_, env) => {
    const allowed = await agent.hook(before('use-yes'), { env })
    expect(allowed).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(allowed.stdout)).toMatchObject({ hookSpecificOutput: { permissionDecision: 'allow' } })
    const refused = await agent.hook(before('use-no', 'cat ~/.ssh/id_ed25519'), { env })
    expect(refused).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^remit: denied/) })
  })

  test.each(CLIENTS)('also the second hook, without which nothing is deferred: %s', async (name, env) => {
    const command = `${join(ROOT, 'bin', 'remit-hook')} claude-code-defer`
    const use = before(`use-beside-${name}`)
    expect(await agent.hook(use, { env })).toMatchObject({ status: 0, stderr: '' })
    expect(await agent.hook(use, { command, env })).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('have the key of the task: an agent may start others through them', async () => {
    const start = {
      ...before('use-task'),
      tool_name: 'Task',
      tool_input: { description: 'look', prompt: 'look', subagent_type: 'general-purpose' },
    }
    const { token } = gateway.task()
    const env = { REMIT_TOKEN: token, REMIT_AGENT_URL: new URL(gateway.agentUrl).origin }
    const lone = startAgent(runtime)
    const byToken = await lone.hook({ ...start, tool_use_id: 'use-task-2' }, { env })
    await lone.stop()
    expect(byToken).toMatchObject({ status: 2, stderr: expect.stringContaining('bearer-delegates') })
    expect((await agent.hook(start)).stderr).not.toContain('bearer-delegates')
  })

  test('two agents side by side each have their own; one without a connection has none', async () => {
    const turns = [1, 2, 3]
    const runs = await Promise.all([
      ...turns.map((turn) => agent.hook(before(`use-mine-${turn}`))),
      ...turns.map((turn) => other.hook(before(`use-theirs-${turn}`))),
    ])
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0])
    const found = tasksOf(...turns.flatMap((turn) => [`use-mine-${turn}`, `use-theirs-${turn}`]))
    expect(found).toEqual(turns.flatMap(() => [mine.task.id, theirs.task.id]))
    const lone = startAgent(runtime)
    for (const [, env] of CLIENTS) {
      expect(await lone.hook(before('use-none'), { env })).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('no task'),
      })
    }
    await lone.stop()
  })

  test('two hooks about one use in Cursor, which runs those of Claude Code too, are one question of Cursor’s', async () => {
    const { token, task } = gateway.task()
    const cursor = startAgent(runtime)
    await cursor.connect(['--agent', 'cursor', '--url', gateway.agentUrl], { REMIT_TASK_TOKEN: token })
    const told = (use: string, command: string): object => ({
      hook_event_name: 'preToolUse',
      conversation_id: 'c-1',
      cursor_version: '2026.08.11',
      workspace_roots: [gateway.workspace],
      cwd: '',
      tool_name: 'Shell',
      tool_input: { command },
      tool_use_id: use,
    })
    const own = `${join(ROOT, 'bin', 'remit-hook')} cursor`
    for (const [name, env] of CLIENTS) {
      const use = told(`use of ${name}`, 'git status')
      const runs = [await cursor.hook(use, { env, command: own }), await cursor.hook(use, { env })]
      expect(runs).toMatchObject([{ status: 0 }, { status: 0 }])
    }
    expect(await cursor.hook(told('use-refused', 'cat ~/.ssh/id_rsa'))).toMatchObject({ status: 2 })
    const records = gateway.remit(['audit', 'export', '--json']).stdout.split('\n')
    const found = CLIENTS.map(([name]) => records.filter((line) => line.includes(`use of ${name}`)))
    expect(found).toEqual(CLIENTS.map(() => [expect.stringContaining(task.id)]))
    // Payloads of Claude Code itself are none of Cursor's.
    expect(await cursor.hook(before('use-mixed'))).toMatchObject({ status: 2, stdout: '' })
    await cursor.stop()
  })

  test.each(CLIENTS)(
    'also where a file of the project sets a token and another gateway: %s',
    async (name, env) => {
      const theirs = { REMIT_TOKEN: 'remit_box_of-nobody', REMIT_AGENT_URL: 'http://127.0.0.1:9' }
      const run = await agent.hook(before(`use-dotenv-${name}`), { env: { ...env, ...theirs } })
      expect(run).toMatchObject({ status: 0, stderr: '' })
    },
  )

  test.each(CLIENTS)('are of the agent that was named, and no other: %s', async (_, env) => {
    const command = `${join(ROOT, 'bin', 'remit-hook')} codex`
    expect(await agent.hook(before('use-codex'), { command, env })).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('R-AGT-1: who stands in the place of a connection allows nothing', () => {
  const squatters: { close(): void }[] = []
  let honest: string
  beforeEach(() => {
    honest = socketOf(registration)
    renameSync(honest, `${honest}.aside`)
  })
  afterEach(() => {
    for (const each of squatters.splice(0)) each.close()
    rmSync(honest, { force: true })
    renameSync(`${honest}.aside`, honest)
  })

  function socketOf(file: string): string {
    const [, , name = ''] = readFileSync(file, 'utf8').split('\n')
    return join(dirname(dirname(file)), name)
  }

  /** What the connection itself answers. */
  async function askHonest(nonce: string, payload: object): Promise<string> {
    const headers = { 'remit-hook-nonce': nonce, 'remit-hook-form': 'command' }
    const asked = request({
      socketPath: `${honest}.aside`,
      path: '/hooks/v1/claude-code',
      method: 'POST',
      headers,
    })
    asked.end(JSON.stringify(payload))
    const [answer] = (await once(asked, 'response')) as [Parameters<typeof text>[0]]
    return text(answer)
  }

  async function squat(answer: (nonce: string) => Promise<string>): Promise<void> {
    const lie = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
      asked.resume()
      const said = await answer(String(asked.headers['remit-hook-nonce']))
      response.writeHead(200, { 'content-length': Buffer.byteLength(said) }).end(said)
    }
    const server = createServer((asked, response) => void lie(asked, response))
    server.listen(honest)
    await once(server, 'listening')
    squatters.push(server)
  }

  const YES = '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow"}}'
  const lies: readonly (readonly [string, (nonce: string) => Promise<string>])[] = [
    ['an answer that nobody signed', async () => `${'0'.repeat(64)}\n200\n${YES}`],
    ['the agent’s own JSON', async () => YES],
    ['nothing at all', async () => ''],
    ['an earlier yes', () => askHonest('0'.repeat(32), before('use-lie', 'cat ~/.ssh/id_rsa'))],
    ['the yes to another payload', (nonce) => askHonest(nonce, before('use-other'))],
    [
      'a no made a yes',
      async (nonce) => {
        const said = await askHonest(nonce, before('use-lie', 'cat ~/.ssh/id_rsa'))
        return said.replace('\n403\n', '\n200\n')
      },
    ],
  ]
  test.each(lies)('%s', async (_, lie) => {
    await squat(lie)
    for (const [, env] of CLIENTS) {
      const run = await agent.hook(before('use-lie', 'cat ~/.ssh/id_rsa'), { env })
      expect(run).toMatchObject({ status: 2, stdout: '' })
      expect(run.stderr).toMatch(/is not its connection|does not answer/)
    }
  })

  test('silence, longer than a hook waits', async () => {
    await squat(() => new Promise(() => undefined))
    const runs = CLIENTS.map(([, env]) =>
      agent.hook(before('use-slow'), { env: { ...env, REMIT_HOOK_DEADLINE: '1' } }),
    )
    for (const run of runs) expect(await run).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('R-AGT-1: a connection that is not there is a no', () => {
  test('one of another agent, one that was killed until it is there anew, and two tasks', async () => {
    await other.end('SIGKILL')
    const told = await connect(other, theirs)
    const refused = async (words: string): Promise<void> => {
      for (const [, env] of CLIENTS) {
        // With a token at hand that would do.
        const run = await other.hook(before('use-not'), { env: { ...env, REMIT_TOKEN: theirs.token } })
        expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining(words) })
      }
    }
    const own = readFileSync(told)
    writeFileSync(told, readFileSync(registration))
    await refused('no connection of this agent')
    writeFileSync(told, own)
    await other.end('SIGKILL')
    await refused('start the agent anew')
    await connect(other, theirs)
    expect(await other.hook(before('use-anew'))).toMatchObject({ status: 0 })
    expect(tasksOf('use-anew')).toEqual([theirs.task.id])
    await connect(other, mine)
    await refused('several tasks')
  })

  test('a gateway that is down; when it is back, so are the hooks', async () => {
    await gateway.kill('SIGKILL')
    for (const [, env] of CLIENTS) {
      expect(await agent.hook(before('use-down'), { env })).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('no gateway answers'),
      })
    }
    gateway = await gateway.restart()
    expect(await agent.hook(before('use-back'))).toMatchObject({ status: 0 })
  })
})
