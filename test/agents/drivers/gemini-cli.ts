import { join } from 'node:path'
import { installedHooks } from '../installed-hooks.ts'
import { PINNED } from '../pinned.ts'
import { PROMPT, type AgentSession, type RealAgent } from '../real-agent.ts'
import { connectCommand, mcpUrl, runProgram, writeConfig } from '../run-program.ts'

export const GEMINI_CLI: RealAgent = {
  name: 'gemini-cli',
  ...PINNED['gemini-cli'],
  shell: (command) => ({ tool: 'run_shell_command', args: { command, description: 'as asked' } }),
  edit: (path, content) => ({ tool: 'write_file', args: { file_path: path, content } }),
  read: (path) => ({ tool: 'read_file', args: { file_path: path } }),
  delegate: (prompt) => [{ tool: 'invoke_agent', args: { agent_name: 'generalist', prompt } }],
  tellsSubAgents: false,
  onHookTimeout: 'runs',
  cannot: {},
  async run(session) {
    writeConfig(join(session.home, '.gemini', 'settings.json'), {
      ...geminiSettings,
      mcpServers: { remit: { ...serverOf(session), trust: true } },
      hooks: installedHooks('gemini-cli', session),
    })
    return runProgram(
      session,
      ['--skip-trust', '--yolo', '-m', 'gemini-2.5-flash', '-p', PROMPT, '-o', 'json'],
      geminiEnvironment(session.modelUrl),
    )
  },
}

export const geminiSettings = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  privacy: { usageStatisticsEnabled: false },
  general: { enableAutoUpdate: false },
}

/** That it takes this model, and speaks with nobody else. */
export function geminiEnvironment(modelUrl: string): NodeJS.ProcessEnv {
  return {
    GOOGLE_GEMINI_BASE_URL: modelUrl,
    GEMINI_API_KEY: 'nobodys-key',
    GEMINI_TELEMETRY_ENABLED: 'false',
  }
}

function serverOf(session: AgentSession): object {
  return session.mcp === 'stdio'
    ? connectCommand(session)
    : { httpUrl: mcpUrl(session), headers: { Authorization: `Bearer ${session.token}` } }
}
