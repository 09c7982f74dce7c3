import { join } from 'node:path'
import { ROOT } from '../../support/running-gateway.ts'
import { type AgentSession, PROMPT, type RealAgent } from '../real-agent.ts'
import { mcpUrl, runProgram, writeConfig } from '../run-program.ts'
import { CLAUDE_CODE, claudeEnvironment } from './claude-code.ts'
import { CODEX } from './codex.ts'
import { COPILOT_CLI, copilotEnvironment } from './copilot-cli.ts'
import { GEMINI_CLI, geminiEnvironment, geminiSettings } from './gemini-cli.ts'
import { OPENCODE, opencodeEnvironment, opencodeModel } from './opencode.ts'

/** Agents with the files of administrators alone: their users switched off what they can, and have a server of their own. */
export const MANAGED: readonly RealAgent[] = [
  {
    ...CLAUDE_CODE,
    // Beside the servers of administrators it takes none by a flag.
    run(session) {
      writeConfig(join(session.home, '.claude', 'settings.json'), { disableAllHooks: true })
      writeConfig(join(session.home, '.claude.json'), { mcpServers: otherOf(session) })
      const args = ['-p', PROMPT, '--output-format', 'json', '--dangerously-skip-permissions']
      return runProgram(session, args, claudeEnvironment(session.modelUrl))
    },
  },
  { ...CODEX, run: (session) => CODEX.run({ ...session, hooks: { hooks: {} } }) },
  {
    ...GEMINI_CLI,
    run(session) {
      writeConfig(join(session.home, '.gemini', 'settings.json'), {
        ...geminiSettings,
        hooksConfig: { enabled: false },
        mcpServers: otherOf(session),
      })
      const args = ['--skip-trust', '-m', 'gemini-2.5-flash', '-p', PROMPT, '-o', 'json']
      return runProgram(
        session,
        [...args, '--allowed-tools', 'run_shell_command'],
        geminiEnvironment(session.modelUrl),
      )
    },
  },
  {
    ...COPILOT_CLI,
    // Its administrators can set up hooks and no server, which the user has from `remit init`.
    run(session) {
      const folder = join(session.home, '.copilot')
      const args = [
        'connect',
        '--agent',
        'copilot-cli',
        '--url',
        mcpUrl(session),
        '--login-file',
        `~/${LOGIN}`,
      ]
      const remit = { type: 'local', command: join(ROOT, 'bin', 'remit'), args, tools: ['*'] }
      writeConfig(join(folder, 'mcp-config.json'), { mcpServers: { remit } })
      writeConfig(join(folder, 'config.json'), { disableAllHooks: true })
      return runProgram(
        session,
        ['-p', PROMPT, '--output-format', 'json', '--allow-all-tools'],
        copilotEnvironment(folder, session.modelUrl),
      )
    },
  },
  {
    ...OPENCODE,
    run(session) {
      const file = join(session.home, 'opencode.json')
      writeConfig(file, {
        ...opencodeModel(session),
        plugin: [],
        mcp: { remit: { type: 'local', command: ['sleep', '60'], enabled: false } },
      })
      return runProgram(session, ['run', '--format', 'json', PROMPT], opencodeEnvironment(file))
    },
  },
]

/** Of each, below its home. */
export const LOGIN = '.local/state/remit/logins/agent.json'

/** A server of the user’s own, which leaves this file where it is started. */
export const OTHER_RAN = 'other-ran'

function otherOf({ home }: AgentSession): object {
  return { other: { command: 'touch', args: [join(home, OTHER_RAN)] } }
}
