import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../../support/running-gateway.ts'
import { PINNED } from '../pinned.ts'
import { PROMPT, type AgentSession, type RealAgent } from '../real-agent.ts'
import { connectCommand, mcpUrl, runProgram, writeConfig } from '../run-program.ts'

export const OPENCODE: RealAgent = {
  name: 'opencode',
  ...PINNED.opencode,
  shell: (command) => ({ tool: 'bash', args: { command, description: 'as asked' } }),
  edit: (path, content) => ({ tool: 'write', args: { filePath: path, content } }),
  read: (path) => ({ tool: 'read', args: { filePath: path } }),
  delegate: (prompt) => [
    {
      tool: 'task',
      args: { description: 'as asked', prompt, subagent_type: 'general' },
    },
  ],
  tellsSubAgents: true,
  onHookTimeout: 'waits',
  cannot: {},
  async run(session) {
    const file = join(session.home, 'opencode.json')
    writeConfig(file, configOf(session))
    return runProgram(session, ['run', '--format', 'json', PROMPT], opencodeEnvironment(file))
  },
}

/** That it takes this configuration, and speaks with nobody. */
export function opencodeEnvironment(file: string): NodeJS.ProcessEnv {
  return {
    OPENCODE_CONFIG: file,
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  }
}

function configOf(session: AgentSession): object {
  return {
    ...opencodeModel(session),
    plugin: [pathToFileURL(join(ROOT, 'agents', 'opencode-plugin.js')).href],
    mcp: { remit: { ...serverOf(session), enabled: true } },
  }
}

export function opencodeModel(session: Pick<AgentSession, 'modelUrl'>): object {
  const model = { name: 'Scripted', tool_call: true, limit: { context: 100_000, output: 8000 } }
  return {
    autoupdate: false,
    share: 'disabled',
    model: 'scripted/one',
    small_model: 'scripted/one',
    enabled_providers: ['scripted'],
    provider: {
      scripted: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Scripted',
        options: { baseURL: `${session.modelUrl}/v1`, apiKey: 'nobodys-key' },
        models: { one: model },
      },
    },
  }
}

function serverOf(session: AgentSession): object {
  if (session.mcp === 'http') {
    const headers = { Authorization: 'Bearer {env:REMIT_TOKEN}' }
    return { type: 'remote', url: mcpUrl(session), headers, oauth: false }
  }
  const { command, args, env } = connectCommand(session)
  return { type: 'local', command: [command, ...args], environment: env }
}
