import type { ChildProcess } from 'node:child_process'

type Handler = (signal: NodeJS.Signals) => void
const FORWARDED = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGWINCH', 'SIGCONT'] as const
const TAKEN = [...FORWARDED, 'SIGTSTP'] as const

/**
 * Lets signals of this process mean the agent, instead of what they meant here, until `end`.
 * @param group gives the process group of a box, which has no terminal of its own to be told by; undefined = not there
 * yet. Absent = the agent is in this process's own group, and the terminal tells it.
 */
export function handSignals(child: ChildProcess, group?: () => number | undefined): { end(): void } {
  const kept = TAKEN.map((signal) => [signal, process.listeners(signal) as Handler[]] as const)
  for (const signal of TAKEN) process.removeAllListeners(signal)
  const tell = (signal: NodeJS.Signals): void => {
    const box = group?.()
    if (box !== undefined) kill(-box, signal)
    // In one's own group, the terminal told the agent already of what is typed.
    else if (signal === 'SIGTERM' || signal === 'SIGHUP') child.kill(signal)
  }
  for (const signal of FORWARDED) process.on(signal, tell)
  process.on('SIGTSTP', () => {
    const box = group?.()
    // A group without a terminal ignores what the terminal's stop key sends.
    if (box !== undefined) kill(-box, 'SIGSTOP')
    process.kill(process.pid, 'SIGSTOP')
  })
  return {
    end() {
      for (const [signal, listeners] of kept) {
        process.removeAllListeners(signal)
        for (const listener of listeners) process.on(signal, listener)
      }
    },
  }
}

function kill(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch {
    // It has ended meanwhile.
  }
}
