import { dirname, isAbsolute, join } from 'node:path'
import {
  type AgentConfiguration,
  GATEWAY_NAME,
  type HooksPart,
  type LocksPart,
  type ServersPart,
} from './agent-configuration.ts'
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
      { path: join(managed, 'requirements.toml'), level: 'managed', format: 'toml', parts: [HOOKS, LOCKS] },
      // It goes before the user’s.
      { path: join(managed, 'managed_config.toml'), level: 'managed', format: 'toml', parts: [SERVERS] },
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

/** Only the hooks of that file, which need no trust; of servers only those that start as is said there. */
const LOCKS: LocksPart = {
  kind: 'locks',
  locks: ({ connect }) => [
    { at: ['allow_managed_hooks_only'], value: true },
    { at: ['features', 'hooks'], value: true },
    { at: ['hooks', 'managed_dir'], unlessSet: dirname(connect.find((word) => isAbsolute(word)) ?? '') },
    { at: ['mcp_servers', GATEWAY_NAME, 'identity'], value: { command: connect[0] } },
  ],
}
