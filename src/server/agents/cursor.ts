import { join } from 'node:path'
import type { AgentConfiguration, HooksPart } from './agent-configuration.ts'
import { managedFolder } from './agent-surroundings.ts'
import { AFTER_SECONDS, BEFORE_SECONDS } from './command-hooks.ts'
import { plainServers } from './server-parts.ts'

/** https://cursor.com/docs/agent/hooks, /docs/context/mcp (September 2026); the program itself was not run. */
export const CURSOR: AgentConfiguration = {
  agent: 'cursor',
  title: 'Cursor',
  programs: ['cursor', 'cursor-agent'],
  folders: ({ home }) => [join(home, '.cursor')],
  files: (at) => {
    const managed = managedFolder(at, { linux: 'cursor', mac: 'Cursor', windows: 'Cursor' })
    const servers = { format: 'json', parts: [plainServers(['mcpServers'])] } as const
    const hooks = { format: 'json', parts: [HOOKS] } as const
    return [
      { path: join(at.home, '.cursor', 'mcp.json'), level: 'user', ...servers },
      { path: join(at.home, '.cursor', 'hooks.json'), level: 'user', ...hooks },
      { path: join(at.project, '.cursor', 'mcp.json'), level: 'project', ...servers },
      { path: join(at.project, '.cursor', 'hooks.json'), level: 'project', ...hooks },
      { path: join(managed, 'hooks.json'), level: 'managed', ...hooks },
    ]
  },
  failsClosed: { by: '`failClosed: true` at its hooks' },
}

const HOOKS: HooksPart = {
  kind: 'hooks',
  at: ['hooks'],
  heading: { version: 1 },
  entries: ({ hook: command }) => ({
    preToolUse: { command, timeout: BEFORE_SECONDS, failClosed: true },
    postToolUse: { command, timeout: AFTER_SECONDS },
    postToolUseFailure: { command, timeout: AFTER_SECONDS },
    sessionStart: { command, timeout: AFTER_SECONDS },
  }),
}
