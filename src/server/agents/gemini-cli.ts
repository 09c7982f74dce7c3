import { join } from 'node:path'
import {
  type AgentConfiguration,
  GATEWAY_NAME,
  type HooksPart,
  type LocksPart,
} from './agent-configuration.ts'
import { managedFolder } from './agent-surroundings.ts'
import { AFTER_SECONDS, BEFORE_SECONDS, commandHook } from './command-hooks.ts'
import { plainServers } from './server-parts.ts'

/** https://geminicli.com/docs/reference/configuration, /docs/hooks; seen in 0.61.0. Its time-outs are milliseconds. */
export const GEMINI_CLI: AgentConfiguration = {
  agent: 'gemini-cli',
  title: 'Gemini CLI',
  programs: ['gemini'],
  folders: ({ home }) => [join(home, '.gemini')],
  files: (at) => {
    const names = { linux: 'gemini-cli', mac: 'GeminiCli', windows: 'gemini-cli' }
    const everything = { format: 'json', parts: [SERVERS, HOOKS] } as const
    return [
      { path: join(at.home, '.gemini', 'settings.json'), level: 'user', ...everything },
      { path: join(at.project, '.gemini', 'settings.json'), level: 'project', ...everything },
      {
        path: join(managedFolder(at, names), 'settings.json'),
        level: 'managed',
        format: 'json',
        parts: [SERVERS, HOOKS, LOCKS],
      },
    ]
  },
}

/** Tools of a server that it does not trust are not even offered where nobody sits there. */
const SERVERS = plainServers(['mcpServers'], { timeout: 600_000, trust: true })

const HOOKS: HooksPart = {
  kind: 'hooks',
  at: ['hooks'],
  entries: ({ hook }) => ({
    BeforeTool: commandHook({ command: hook, seconds: BEFORE_SECONDS, ticks: 1_000, matcher: '.*' }),
    AfterTool: commandHook({ command: hook, seconds: AFTER_SECONDS, ticks: 1_000, matcher: '.*' }),
    SessionStart: commandHook({ command: hook, seconds: AFTER_SECONDS, ticks: 1_000 }),
  }),
}

/** What stands there goes before the user’s: no other server, and neither hooks nor questions can be switched off. */
const LOCKS: LocksPart = {
  kind: 'locks',
  locks: () => [
    { at: ['mcp', 'allowed'], allows: GATEWAY_NAME },
    { at: ['hooksConfig', 'enabled'], value: true },
    { at: ['security', 'disableYoloMode'], value: true },
  ],
}
