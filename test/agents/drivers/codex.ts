import { join } from 'node:path'
import { installedHooks } from '../installed-hooks.ts'
import { CODEX_MODELS } from './codex-models.ts'
import { PINNED } from '../pinned.ts'
import { PROMPT, type AgentSession, type RealAgent } from '../real-agent.ts'
import { connectCommand, mcpUrl, runProgram, writeConfig } from '../run-program.ts'

export const CODEX: RealAgent = {
  name: 'codex',
  ...PINNED.codex,
  shell: (command) => ({ tool: 'exec_command', args: { cmd: command } }),
  edit: (path, content) => ({ tool: 'apply_patch', args: patchOf(path, content) }),
  // It goes on meanwhile.
  delegate: (message) => [
    { tool: 'spawn_agent', args: { message } },
    { tool: 'exec_command', args: { cmd: 'sleep 20', yield_time_ms: 25_000 } },
  ],
  tellsSubAgents: true,
  onHookTimeout: 'runs',
  cannot: {
    read: {
      sentence: 'Codex has no tool of its own to read a text',
      offersNone: /^(read|view|cat)(_file)?$/,
    },
  },
  async run(session) {
    const home = join(session.home, '.codex')
    const models = join(home, 'models.json')
    writeConfig(models, CODEX_MODELS)
    writeConfig(join(home, 'config.toml'), configOf(session, models))
    writeConfig(join(home, 'hooks.json'), session.hooks ?? { hooks: installedHooks('codex', session) })
    return runProgram(
      session,
      // A person trusts the hook once with `/hooks`; there is none here.
      ['exec', '--json', '--skip-git-repo-check', '--dangerously-bypass-hook-trust', PROMPT],
      { CODEX_HOME: home, NOBODYS_KEY: 'x' },
    )
  },
}

/** Codex writes a file that is to be added also where there is one. */
function patchOf(path: string, content: string): string {
  const lines = content.replace(/\n$/, '').split('\n')
  return [
    '*** Begin Patch',
    `*** Add File: ${path}`,
    ...lines.map((line) => `+${line}`),
    '*** End Patch',
    '',
  ].join('\n')
}

function configOf(session: AgentSession, models: string): string {
  // Else it begins before the tools of the server are there; and does not begin at all without it.
  const waiting = session.down === true ? '' : 'required = true\nstartup_timeout_sec = 60\n'
  return `model = "scripted"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
model_catalog_json = "${models}"
[analytics]
enabled = false
[model_providers.scripted]
name = "scripted"
base_url = "${session.modelUrl}/v1"
wire_api = "responses"
env_key = "NOBODYS_KEY"
request_max_retries = 0
stream_max_retries = 0
[mcp_servers.remit]
${waiting}tool_timeout_sec = 120
${serverOf(session)}
`
}

function serverOf(session: AgentSession): string {
  if (session.mcp === 'http') return `url = "${mcpUrl(session)}"\nbearer_token_env_var = "REMIT_TOKEN"`
  const { command, args, env } = connectCommand(session)
  const variables = Object.entries(env).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return `command = ${JSON.stringify(command)}
args = ${JSON.stringify(args)}
[mcp_servers.remit.env]
${variables.join('\n')}`
}
