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
  { hooks: [{ type: 'command', command: `${HOOK} claude-code`, timeout, onFailure: 'block' }] },
]

export const CLAUDE_CODE: RealAgent = {
  name: 'claude-code',
  package: '@anthropic-ai/claude-code',
  version: '2.1.330',
  binary: 'claude',
  shell: (command) => ({ tool: 'Bash', args: { command, description: 'as asked' } }),
  edit: (path, content) => ({ tool: 'Write', args: { file_path: path, content } }),
  read: (path) => ({ tool: 'Read', args: { file_path: path } }),
  async run(session) {
    const mcp = join(session.home, 'mcp.json')
    const settings = join(session.home, 'settings.json')
    writeConfig(mcp, { mcpServers: session.mcp === 'none' ? {} : { remit: serverOf(session) } })
    const byCommand = { PreToolUse: hooked(180), PostToolUse: hooked(30), PostToolUseFailure: hooked(30) }
    writeConfig(settings, session.hooks ?? { hooks: byCommand })
    return runProgram(
      session,
      ['-p', PROMPT, '--mcp-config', mcp, '--strict-mcp-config', '--settings', settings].concat([
        '--output-format',
        'json',
        ...(session.permissions ?? ['--dangerously-skip-permissions']),
      ]),
      claudeEnvironment(session.modelUrl),
    )
  },
}

/** That it takes this model, and speaks with nobody else. */
export function claudeEnvironment(modelUrl: string): NodeJS.ProcessEnv {
  return {
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: 'sk-ant-nobody',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // Else the tools of MCP servers are behind a search.
    ENABLE_TOOL_SEARCH: 'false',
    IS_SANDBOX: '1',
    MCP_TIMEOUT: '20000',
  }
}

function serverOf(session: AgentSession): object {
  return session.mcp === 'stdio'
    ? { type: 'stdio', ...connectCommand(session) }
    : {
        type: 'http',
        url: `${session.gatewayUrl}/mcp`,
        headers: { Authorization: 'Bearer ${REMIT_TOKEN}' },
      }
}
