import { processStatus } from '../process-status.ts'

export interface AgentProcess {
  readonly pid: number
  readonly started: string
}

/** Start a server or a hook on behalf of another process, and are never the agent themselves. */
const STARTERS =
  /^(?:sh|bash|dash|ash|zsh|fish|ksh|mksh|busybox|remit-hook|env|timeout|nice|nohup|(?:npm|npx)(?: .*)?)$/
/** Take in the children of processes that ended: who is below them belongs to nobody. */
const FOSTERERS = /^(?:init|systemd|launchd|tini|dumb-init|docker-init|catatonit|runit|supervisord)$/
/** `bin/remit` starts a newer Node where it has to, and says who it is. */
const LAUNCHER = 'REMIT_LAUNCHER'

/**
 * The agent that this process was started by: the nearest process above that does not merely start others. What lies
 * above the agent is never taken for it, since other agents may be below that, too.
 * `bin/remit-hook` and `agents/client/processes.js` climb by the same rule.
 * @returns undefined where it cannot be told.
 */
export function agentAbove(
  environ: Readonly<Record<string, string | undefined>>,
  parent = process.ppid,
): AgentProcess | undefined {
  for (let pid = parent; pid > 1;) {
    const status = processStatus(pid)
    if (status === undefined || FOSTERERS.test(status.name)) return undefined
    const launches = STARTERS.test(status.name) || environ[LAUNCHER] === String(pid)
    if (!launches) return { pid, started: status.started }
    pid = status.parent
  }
  return undefined
}
