import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { installedScripts } from '../installed-hooks.ts'
import { PINNED } from '../pinned.ts'
import { PROMPT, type AgentSession, type RealAgent } from '../real-agent.ts'
import { connectCommand, mcpUrl, runProgram, writeConfig } from '../run-program.ts'

const NONE_FOR_SUB_AGENTS = { sentence: 'A sub-agent of Cline has no tools of MCP servers' }

export const CLINE: RealAgent = {
  name: 'cline',
  ...PINNED.cline,
  shell: (command) => ({ tool: 'run_commands', args: { commands: [command] } }),
  edit: (path, content) => ({ tool: 'editor', args: { path, new_text: content } }),
  read: (path) => ({ tool: 'read_files', args: { files: [{ path }] } }),
  delegate: (prompt) => [{ tool: 'spawn_agent', args: { systemPrompt: 'as asked', task: prompt } }],
  tellsSubAgents: true,
  endsWhenRefused: true,
  onHookTimeout: 'runs',
  cannot: {
    'sub-agent/mcp': NONE_FOR_SUB_AGENTS,
    'sub-agent/mcp-http': NONE_FOR_SUB_AGENTS,
    'sub-agent-forbidden/mcp': NONE_FOR_SUB_AGENTS,
    'sub-agent-forbidden/mcp-http': NONE_FOR_SUB_AGENTS,
    timeout: { sentence: 'Cline ends a hook after 120 seconds, whatever is set' },
  },
  async run(session) {
    const folder = join(session.home, '.cline')
    for (const { path, text } of installedScripts('cline', session)) {
      writeConfig(path, text)
      chmodSync(path, 0o755)
    }
    writeConfig(join(folder, 'data', 'settings', 'providers.json'), providersOf(session))
    writeConfig(join(folder, 'data', 'settings', 'cline_mcp_settings.json'), {
      mcpServers: { remit: { ...serverOf(session), timeout: 600 } },
    })
    return runProgram(session, ['--json', `${PROMPT} please`], {
      // Else it works in a background process, with the environment of its first run.
      CLINE_SESSION_BACKEND_MODE: 'local',
    })
  },
}

function providersOf(session: AgentSession): object {
  const provider = 'openai-compatible'
  const settings = {
    provider,
    apiKey: 'nobodys-key',
    model: 'scripted',
    baseUrl: `${session.modelUrl}/v1`,
  }
  return {
    version: 1,
    lastUsedProvider: provider,
    modes: {},
    // Without its time it takes no provider of this file, without a word, and asks its maker's.
    providers: { [provider]: { settings, updatedAt: new Date(0).toISOString(), tokenSource: 'manual' } },
  }
}

function serverOf(session: AgentSession): object {
  return session.mcp === 'stdio'
    ? connectCommand(session)
    : {
        type: 'streamableHttp',
        url: mcpUrl(session),
        headers: { Authorization: `Bearer ${session.token}` },
      }
}
