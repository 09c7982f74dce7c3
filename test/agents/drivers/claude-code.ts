import { join } from 'node:path'
import { installedHooks } from '../installed-hooks.ts'
import { PINNED } from '../pinned.ts'
import { PROMPT, type AgentSession, type RealAgent } from '../real-agent.ts'
import { connectCommand, mcpUrl, runProgram, writeConfig } from '../run-program.ts'

export const CLAUDE_CODE: RealAgent = {
  name: 'claude-code',
  ...PINNED['claude-code'],
  shell: (command) => ({ tool: 'Bash', args: { command, description: 'as asked' } }),
  edit: (path, content) => ({ tool: 'Write', args: { file_path: path, content } }),
  read: (path) => ({ tool: 'Read', args: { file_path: path } }),
  delegate: (prompt) => [
    {
      tool: 'Agent',
      args: { description: 'as asked', prompt, subagent_type: 'general-purpose' },
    },
  ],
  tellsSubAgents: true,
  onHookTimeout: 'refuses',
  cannot: {},
  async run(session) {
    const mcp = join(session.home, 'mcp.json')
    const settings = join(session.home, 'settings.json')
    writeConfig(mcp, { mcpServers: { remit: serverOf(session) } })
    writeConfig(settings, session.hooks ?? { hooks: installedHooks('claude-code', session) })
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
    : { type: 'http', url: mcpUrl(session), headers: { Authorization: 'Bearer ${REMIT_TOKEN}' } }
}
