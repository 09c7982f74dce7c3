import { join } from 'node:path'
import type { AgentConfiguration, HooksPart } from './agent-configuration.ts'
import { AFTER_SECONDS, BEFORE_SECONDS, commandHook } from './command-hooks.ts'
import { stdioServers } from './server-parts.ts'

/** https://docs.devin.ai/cli/extensibility/mcp/configuration, /hooks; the program itself was not run. */
export const DEVIN: AgentConfiguration = {
  agent: 'devin',
  title: 'Devin CLI',
  programs: ['devin'],
  folders: ({ platform, environ, home }) => [userFolder(platform, environ['APPDATA'], home)],
  files: ({ platform, environ, home, project }) => {
    const own = join(project, '.devin')
    const everything = { format: 'json', parts: [stdioServers(['mcpServers']), HOOKS] } as const
    return [
      {
        path: join(userFolder(platform, environ['APPDATA'], home), 'config.json'),
        level: 'user',
        ...everything,
      },
      {
        path: join(own, 'config.json'),
        level: 'project',
        format: 'json',
        parts: [stdioServers(['mcpServers'])],
      },
      {
        path: join(own, 'config.local.json'),
        level: 'project',
        format: 'json',
        parts: [{ kind: 'servers', at: ['mcpServers'] }],
      },
      { path: join(own, 'hooks.v1.json'), level: 'project', format: 'json', parts: [{ ...HOOKS, at: [] }] },
    ]
  },
}

function userFolder(platform: NodeJS.Platform, applicationData: string | undefined, home: string): string {
  return platform === 'win32' && applicationData !== undefined
    ? join(applicationData, 'devin')
    : join(home, '.config', 'devin')
}

const HOOKS: HooksPart = {
  kind: 'hooks',
  at: ['hooks'],
  entries: ({ hook }) => ({
    PreToolUse: commandHook({ command: hook, seconds: BEFORE_SECONDS }),
    PostToolUse: commandHook({ command: hook, seconds: AFTER_SECONDS }),
  }),
}
