import { join } from 'node:path'
import { FAILS_CLOSED_FROM } from '../../core/fleet-problems.ts'
import {
  type AgentConfiguration,
  GATEWAY_NAME,
  type HooksPart,
  type LocksPart,
} from './agent-configuration.ts'
import { managedFolder, managedPath, movable } from './agent-surroundings.ts'
import { AFTER_SECONDS, BEFORE_SECONDS, commandHook } from './command-hooks.ts'
import { stdioServers } from './server-parts.ts'

/** https://code.claude.com/docs/en/settings, /hooks, /mcp; seen in 2.1.330. */
export const CLAUDE_CODE: AgentConfiguration = {
  agent: 'claude-code',
  title: 'Claude Code',
  programs: ['claude'],
  folders: (at) => [movable(at, 'CLAUDE_CONFIG_DIR', '.claude')],
  files: (at) => {
    const moved = at.environ['CLAUDE_CONFIG_DIR'] || at.home
    const settings = movable(at, 'CLAUDE_CONFIG_DIR', '.claude')
    const names = { linux: 'claude-code', mac: 'ClaudeCode', windows: 'ClaudeCode' }
    // On Windows it is among the programs: https://code.claude.com/docs/en/settings#settings-files
    const managed =
      at.platform === 'win32'
        ? managedPath(at, String.raw`C:\Program Files\ClaudeCode`)
        : managedFolder(at, names)
    const everywhere = { ...stdioServers(['mcpServers']), perFolder: ['projects'] }
    return [
      { path: join(moved, '.claude.json'), level: 'user', format: 'json', parts: [everywhere] },
      { path: join(settings, 'settings.json'), level: 'user', format: 'json', parts: [HOOKS, ALLOWED] },
      {
        path: join(at.project, '.mcp.json'),
        level: 'project',
        format: 'json',
        parts: [stdioServers(['mcpServers'])],
      },
      {
        path: join(at.project, '.claude', 'settings.json'),
        level: 'project',
        format: 'json',
        parts: [HOOKS, ALLOWED],
      },
      // Nothing is written there, and it goes before the others.
      {
        path: join(at.project, '.claude', 'settings.local.json'),
        level: 'project',
        format: 'json',
        parts: [],
      },
      {
        path: join(managed, 'managed-settings.json'),
        level: 'managed',
        format: 'json',
        parts: [HOOKS, ALLOWED, LOCKS],
      },
      // Where it is there, no other server is.
      {
        path: join(managed, 'managed-mcp.json'),
        level: 'managed',
        format: 'json',
        parts: [stdioServers(['mcpServers'])],
      },
    ]
  },
  copies: (at) => {
    const moved = at.environ['CLAUDE_CONFIG_DIR'] || at.home
    return [join(movable(at, 'CLAUDE_CONFIG_DIR', '.claude'), 'backups'), join(moved, '.claude.json.backup')]
  },
  failsClosed: { by: '`onFailure: block` at its hooks', from: FAILS_CLOSED_FROM['claude-code'] },
}

const HOOKS: HooksPart = {
  kind: 'hooks',
  at: ['hooks'],
  entries: ({ hook }) => ({
    PreToolUse: commandHook({ command: hook, seconds: BEFORE_SECONDS, more: { onFailure: 'block' } }),
    PostToolUse: commandHook({ command: hook, seconds: AFTER_SECONDS }),
    PostToolUseFailure: commandHook({ command: hook, seconds: AFTER_SECONDS }),
    SubagentStart: commandHook({ command: hook, seconds: AFTER_SECONDS }),
    SubagentStop: commandHook({ command: hook, seconds: AFTER_SECONDS }),
    SessionStart: commandHook({ command: hook, seconds: AFTER_SECONDS }),
  }),
}

/** The gateway asks where somebody is to be asked: twice would be once too often. */
const ALLOWED = { kind: 'item', at: ['permissions', 'allow'], item: () => `mcp__${GATEWAY_NAME}` } as const

/** Only the hooks and servers of this file and the one beside it; nobody starts it without its permissions. */
const LOCKS: LocksPart = {
  kind: 'locks',
  locks: ({ connect }) => [
    { at: ['allowManagedHooksOnly'], value: true },
    { at: ['allowManagedMcpServersOnly'], value: true },
    { at: ['allowedMcpServers'], allows: { serverCommand: connect } },
    { at: ['permissions', 'disableBypassPermissionsMode'], value: 'disable' },
  ],
}
