import { join } from 'node:path'
import type { AgentConfiguration, HooksPart, ServersPart } from './agent-configuration.ts'
import { managedFolder, movable } from './agent-surroundings.ts'
import { AFTER_SECONDS, BEFORE_SECONDS, commandHook } from './command-hooks.ts'
import { codexInCommonWords } from '../import/codex-entry.ts'

/** https://developers.openai.com/codex/config-reference, /codex/hooks; seen in 0.169.0. */
export const CODEX: AgentConfiguration = {
  agent: 'codex',
  title: 'Codex CLI',
  programs: ['codex'],
  folders: (at) => [movable(at, 'CODEX_HOME', '.codex')],
  files: (at) => {
    const user = movable(at, 'CODEX_HOME', '.codex')
    const project = join(at.project, '.codex')
    const managed = managedFolder(at, { linux: 'codex', mac: 'codex', windows: 'OpenAI/Codex' })
    return [
      { path: join(user, 'config.toml'), level: 'user', format: 'toml', parts: [SERVERS] },
      { path: join(user, 'hooks.json'), level: 'user', format: 'json', parts: [HOOKS] },
      { path: join(project, 'config.toml'), level: 'project', format: 'toml', parts: [SERVERS] },
      { path: join(project, 'hooks.json'), level: 'project', format: 'json', parts: [HOOKS] },
      { path: join(managed, 'requirements.toml'), level: 'managed', format: 'toml', parts: [] },
    ]
  },
  afterwards: ['trust its hooks once: `/hooks` in Codex; until then they are passed over without a word'],
}

/**
 * It runs with the gateway or not at all; a call may wait for a human, who is asked by the gateway and not by Codex, too; the
 * first start waits for a login.
 */
const SERVERS: ServersPart = {
  kind: 'servers',
  at: ['mcp_servers'],
  inCommonWords: (entry) => codexInCommonWords(entry).asClients,
  gateway: ({ connect: [command, ...args] }) => ({
    command,
    args,
    required: true,
    startup_timeout_sec: 60,
    tool_timeout_sec: 600,
    default_tools_approval_mode: 'approve',
  }),
}

const HOOKS: HooksPart = {
  kind: 'hooks',
  at: ['hooks'],
  entries: ({ hook }) => ({
    PreToolUse: commandHook({ command: hook, seconds: BEFORE_SECONDS, matcher: '.*' }),
    PostToolUse: commandHook({ command: hook, seconds: AFTER_SECONDS, matcher: '.*' }),
    SessionStart: commandHook({ command: hook, seconds: AFTER_SECONDS }),
  }),
}
