import { join } from 'node:path'
import { PROMPT, type RealAgent } from '../real-agent.ts'
import { runProgram, writeConfig } from '../run-program.ts'
import { CLAUDE_CODE, claudeEnvironment } from './claude-code.ts'
import { CODEX } from './codex.ts'
import { GEMINI_CLI, geminiEnvironment, geminiSettings } from './gemini-cli.ts'

/** Agents with the files of administrators alone: their users switched off what they can, and have a server of their own. */
export const MANAGED: readonly RealAgent[] = [
  {
    ...CLAUDE_CODE,
    // Beside the servers of administrators it takes none by a flag.
    run(session) {
      writeConfig(join(session.home, '.claude', 'settings.json'), { disableAllHooks: true })
      writeConfig(join(session.home, '.claude.json'), { mcpServers: OTHER })
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
        mcpServers: OTHER,
      })
      const args = ['--skip-trust', '-m', 'gemini-2.5-flash', '-p', PROMPT, '-o', 'json']
      return runProgram(
        session,
        [...args, '--allowed-tools', 'run_shell_command'],
        geminiEnvironment(session.modelUrl),
      )
    },
  },
]

const OTHER = { other: { command: 'sleep', args: ['60'] } }
