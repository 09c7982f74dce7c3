import { join } from 'node:path'
import { installedHooks } from '../installed-hooks.ts'
import { PINNED } from '../pinned.ts'
import { PROMPT, type AgentSession, type RealAgent } from '../real-agent.ts'
import { connectCommand, mcpUrl, runProgram, writeConfig } from '../run-program.ts'

export const COPILOT_CLI: RealAgent = {
  name: 'copilot-cli',
  ...PINNED['copilot-cli'],
  shell: (command) => ({ tool: 'bash', args: { command, description: 'as asked' } }),
  edit: (path, content) => ({ tool: 'create', args: { path, file_text: content } }),
  read: (path) => ({ tool: 'view', args: { path } }),
  delegate: (prompt) => [
    {
      tool: 'task',
      args: { agent_type: 'general-purpose', description: 'as asked', prompt, name: 'helper', mode: 'sync' },
    },
  ],
  tellsSubAgents: true,
  onHookTimeout: 'runs',
  cannot: {},
  async run(session) {
    const folder = join(session.home, '.copilot')
    writeConfig(join(folder, 'hooks', 'remit.json'), {
      version: 1,
      hooks: installedHooks('copilot-cli', session),
    })
    const servers = { mcpServers: { remit: { ...serverOf(session), tools: ['*'] } } }
    return runProgram(
      session,
      ['-p', PROMPT, '--output-format', 'json', '--allow-all-tools', '--additional-mcp-config'].concat(
        JSON.stringify(servers),
      ),
      copilotEnvironment(folder, session.modelUrl),
    )
  },
}

/** That it takes this folder and this model, and speaks with nobody else. */
export function copilotEnvironment(folder: string, modelUrl: string): NodeJS.ProcessEnv {
  return {
    COPILOT_HOME: folder,
    COPILOT_OFFLINE: 'true',
    COPILOT_AUTO_UPDATE: 'false',
    COPILOT_PROVIDER_BASE_URL: `${modelUrl}/v1`,
    // Long, since it takes this text out of everything that it prints.
    COPILOT_PROVIDER_API_KEY: 'nobodys-key-of-the-scripted-model',
    COPILOT_MODEL: 'gpt-4.1',
  }
}

function serverOf(session: AgentSession): object {
  return session.mcp === 'stdio'
    ? { type: 'local', ...connectCommand(session) }
    : { type: 'http', url: mcpUrl(session), headers: { Authorization: `Bearer ${session.token}` } }
}
