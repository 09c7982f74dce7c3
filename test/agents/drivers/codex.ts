import { join } from 'node:path'
import {
  connectCommand,
  HOOK,
  PROMPT,
  runProgram,
  writeConfig,
  type AgentSession,
  type RealAgent,
} from '../real-agent.ts'

const hooked = (timeout: number): readonly object[] => [
  { matcher: '.*', hooks: [{ type: 'command', command: `${HOOK} codex`, timeout }] },
]

export const CODEX: RealAgent = {
  name: 'codex',
  package: '@openai/codex',
  version: '0.169.0',
  binary: 'codex',
  shell: (command) => ({ tool: 'exec_command', args: { cmd: command } }),
  // `apply_patch` is offered to models that Codex knows alone, and those have MCP tools behind a search.
  async run(session) {
    const home = join(session.home, '.codex')
    writeConfig(join(home, 'config.toml'), configOf(session))
    const byCommand = { PreToolUse: hooked(180), PostToolUse: hooked(30) }
    writeConfig(join(home, 'hooks.json'), session.hooks ?? { hooks: byCommand })
    return runProgram(
      session,
      // A person trusts the hook once with `/hooks`; there is none here.
      ['exec', '--json', '--skip-git-repo-check', '--dangerously-bypass-hook-trust', PROMPT],
      { CODEX_HOME: home, NOBODYS_KEY: 'x' },
    )
  },
}

function configOf(session: AgentSession): string {
  // Else it begins before the tools of the server are there; and does not begin at all without it.
  const waiting = session.down === true ? '' : 'required = true\nstartup_timeout_sec = 60\n'
  const server =
    session.mcp === 'none'
      ? ''
      : `[mcp_servers.remit]\n${waiting}tool_timeout_sec = 120\n${serverOf(session)}`
  return `model = "scripted"
model_provider = "scripted"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.scripted]
name = "scripted"
base_url = "${session.modelUrl}/v1"
wire_api = "responses"
env_key = "NOBODYS_KEY"
request_max_retries = 0
stream_max_retries = 0
${server}
`
}

function serverOf(session: AgentSession): string {
  if (session.mcp === 'http') return `url = "${session.gatewayUrl}/mcp"\nbearer_token_env_var = "REMIT_TOKEN"`
  const { command, args, env } = connectCommand(session)
  const variables = Object.entries(env).map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
  return `command = ${JSON.stringify(command)}
args = ${JSON.stringify(args)}
[mcp_servers.remit.env]
${variables.join('\n')}`
}
