import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { realServers } from '../support/real-servers.ts'
import { APPROVER_CODE, ROOT, startGateway, type RunningGateway } from '../support/running-gateway.ts'
import { startApprover } from './approver.ts'
import { plantSeed } from './cells.ts'
import { CLAUDE_CODE, claudeEnvironment } from './drivers/claude-code.ts'
import { installAgent } from './installed-agent.ts'
import { offeredAs, type Asked, type Chosen, type Mind } from './model/script.ts'
import { serveModel, type ServedModel } from './model/scripted-model.ts'
import { HOOK, writeConfig } from './run-program.ts'

interface Use {
  readonly tool: string
  readonly args: object
}

/** What the agent does, and what a sub-agent of it, which is offered no other one to start. */
class TwoMinds implements Mind {
  agent: readonly Use[] = []
  subAgent: readonly Use[] = []
  readonly seen: string[] = []

  next({ tools, results }: Asked): Chosen {
    this.seen.push(...results)
    const steps = tools.includes('Agent') ? this.agent : this.subAgent
    const step = steps[results.length]
    const name = step && offeredAs(tools, step.tool)
    return step === undefined || name === undefined
      ? { kind: 'text', text: 'DONE' }
      : { kind: 'tool', name, args: step.args }
  }
}

const installed = installAgent(CLAUDE_CODE)
if ('missing' in installed) console.log(`skipped: ${installed.missing}`)
const mind = new TwoMinds()
let gateway: RunningGateway
let model: ServedModel
beforeAll(async () => {
  gateway = await startGateway({
    config: (at) => `consent: { hold: 40s }\nhooks: { hold: 20s }\n${realServers(at)}`,
    policies: [join(ROOT, 'policies', 'coding-agent'), join(ROOT, 'test', 'agents', 'policy')],
  })
  plantSeed(gateway.workspace)
  model = await serveModel(mind)
})
afterAll(async () => {
  model.close()
  await gateway.remove()
})

const hook = (command: string): object => ({ type: 'command', command, timeout: 60, onFailure: 'block' })
const each = (...hooks: readonly object[]): readonly object[] => [{ hooks }]
const DEFERS =
  '[ "$CLAUDE_CODE_ENTRYPOINT $CLAUDE_CODE_SESSION_ATTENDED" = "sdk-cli 0" ] || exit 0; ' +
  `${HOOK} claude-code-defer`

/** @param by the command that starts the agent, such as `remit run`; absent = the agent itself. */
async function claude(
  args: readonly string[],
  of: { readonly env?: NodeJS.ProcessEnv; readonly by?: readonly string[] } = {},
): Promise<string> {
  if ('missing' in installed) throw new Error(installed.missing)
  const home = join(gateway.home, 'home')
  mkdirSync(join(home, 'tmp'), { recursive: true })
  const [settings, servers] = [join(home, 'settings.json'), join(home, 'mcp.json')]
  const own = hook(`${HOOK} claude-code`)
  const always = Object.fromEntries(
    ['PostToolUse', 'PostToolUseFailure', 'SubagentStart', 'SubagentStop'].map((name) => [name, each(own)]),
  )
  writeConfig(settings, { hooks: { ...always, PreToolUse: each(own, hook(DEFERS)) } })
  const headers = { Authorization: 'Bearer ${REMIT_TOKEN}' }
  writeConfig(servers, { mcpServers: { remit: { type: 'http', url: '${REMIT_AGENT_URL}/mcp', headers } } })
  const setUp = ['--settings', settings, '--mcp-config', servers, '--strict-mcp-config']
  const flags = ['-p', ...args, ...setUp, '--output-format', 'json', '--dangerously-skip-permissions']
  const [program = '', ...rest] = [...(of.by ?? []), installed.program, ...flags]
  const child = spawn(program, rest, {
    cwd: gateway.workspace,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: join(home, 'tmp'),
      ...claudeEnvironment(model.url),
      ...of.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 240_000,
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return `${out}\n${err}`
}

interface Body {
  readonly kind: string
  readonly call?: { readonly door: string; readonly tool: string }
  readonly decision?: { readonly effect: string }
  readonly identity?: { readonly agent: { readonly id: string }; readonly chain: readonly string[] }
}

/** Records about one file or word, oldest first. */
function recordsAbout(word: string): readonly Body[] {
  const { stdout } = gateway.remit(['audit', 'export', '--json'])
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"record"') && line.includes(word))
    .map((line) => {
      const { record } = JSON.parse(line) as { record: { body: string | Body } }
      return typeof record.body === 'string' ? (JSON.parse(record.body) as Body) : record.body
    })
}

describe.skipIf('missing' in installed)('R-AGT-1: Claude Code 2.1.330', () => {
  test('R-CON-4: ends its run where a human has yet to agree; resumed, the tool runs once', async () => {
    const file = 'asked-deferred.txt'
    mind.agent = [{ tool: 'Bash', args: { command: `cp seed.txt ${file}`, description: 'as asked' } }]
    const env = { REMIT_TOKEN: gateway.task().token, REMIT_AGENT_URL: new URL(gateway.agentUrl).origin }
    const ended = await claude(['go on'], { env })
    expect(ended).toContain('"terminal_reason":"tool_deferred"')
    expect(existsSync(join(gateway.workspace, file))).toBe(false)
    const [approval = ''] = /apr_[0-9a-z]+/.exec(gateway.remit(['approvals', 'list']).stdout) ?? []
    gateway.remit(['approvals', 'approve', approval], { REMIT_APPROVER: `mona:${APPROVER_CODE}` })
    const [, session = ''] = /"session_id":"([^"]+)"/.exec(ended) ?? []
    expect(await claude(['--resume', session], { env })).toContain('"terminal_reason":"completed"')
    expect(existsSync(join(gateway.workspace, file))).toBe(true)
    const effects = recordsAbout(file).flatMap(({ decision }) => decision?.effect ?? [])
    expect(effects.filter((effect) => effect === 'allow')).toHaveLength(1)
  })

  test('R-ID-3: a sub-agent acts as a child of its task, at its hooks and over MCP, and is completed', async () => {
    const path = join(gateway.workspace, 'allow-of-sub-agent.txt')
    mind.agent = [
      { tool: 'Agent', args: { description: 'look', prompt: 'look around', subagent_type: 'Explore' } },
    ]
    mind.subAgent = [
      { tool: 'Bash', args: { command: 'cp seed.txt allow-of-sub-shell.txt', description: 'as asked' } },
      { tool: 'filesystem__write_file', args: { path, content: 'by MCP' } },
    ]
    const approver = startApprover(gateway)
    const remit = [process.execPath, join(ROOT, 'src', 'cli', 'main.ts'), 'run', '--config']
    const wish = ['--workflow', 'fix-tests', '--intent', 'mend', '--workspace', gateway.workspace]
    const by = [...remit, join(gateway.home, 'remit.yaml'), '--no-sandbox', ...wish, '--']
    const printed = await claude(['go on'], { by })
    await approver.stop()
    expect({ printed, there: existsSync(path) }).toMatchObject({ there: true })
    expect(existsSync(join(gateway.workspace, 'allow-of-sub-shell.txt'))).toBe(true)
    for (const [word, door] of [
      ['allow-of-sub-shell', 'hook'],
      ['allow-of-sub-agent', 'mcp'],
    ] as const) {
      const decided = recordsAbout(word).find(({ kind }) => kind === 'decision')
      expect(decided).toMatchObject({
        call: { door },
        decision: { effect: 'allow' },
        identity: { agent: { id: 'Explore' } },
      })
      expect(decided?.identity?.chain).toHaveLength(2)
    }
    const ends = recordsAbout('task.completed').filter(({ identity }) => identity?.agent.id === 'Explore')
    expect(ends).toHaveLength(1)
  })
})
