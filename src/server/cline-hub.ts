import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { agentAbove } from './hook-socket/agent-process.ts'

/**
 * Whether Cline's background process started this one. Cline works in it from its second run on, and it keeps the environment,
 * and so the token, of its first (seen in 3.0.65). `bin/remit-hook` and `agents/client/ask-gateway.js` look for the same.
 */
export function clineHubAbove(
  environ: Readonly<Record<string, string | undefined>>,
  parent = process.ppid,
): boolean {
  const agent = agentAbove(environ, parent)
  return agent !== undefined && commandOf(agent.pid).includes('--cline-hub-daemon')
}

/** Empty where it cannot be seen. */
function commandOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}
