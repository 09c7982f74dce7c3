import { readdirSync, readFileSync } from 'node:fs'

/** Ends, one by one, what an agent left running: whoever has its home in the environment. Cline leaves a background process. */
export function endLeftovers(home: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    if (environOf(pid).includes(`HOME=${home}`)) end(Number(pid))
}

function environOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    // It ended meanwhile, or is not ours.
    return []
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}
