import { readFileSync } from 'node:fs'

/**
 * Asks the server in a sandbox to end. Its parent is the sandbox's first process, and that one's is `pid`; where the
 * kernel does not say who they are, nobody is asked, and the sandbox is killed when the time is over.
 */
export function terminateInside(pid: number): void {
  for (const first of childrenOf(pid)) {
    for (const server of childrenOf(first)) {
      try {
        process.kill(server, 'SIGTERM')
      } catch {
        // It has ended by itself.
      }
    }
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return text.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
