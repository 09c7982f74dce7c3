import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
/** Kernel ticks a second: what /proc counts CPU time in. */
const TICKS = 100

/**
 * Starts a script of this folder and resolves with the URL on its first line.
 * @param watch.loopFile where it writes the delays of its event loop (`watch-loop.ts`).
 */
export function startScript(
  file: string,
  args: readonly string[] = [],
  watch?: { readonly loopFile: string },
): Promise<{ child: ChildProcess; url: string }> {
  const preload = watch === undefined ? [] : [`--import=${HERE}watch-loop.ts`]
  const child = spawn(process.execPath, [...preload, `${HERE}${file}`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(watch === undefined ? {} : { BENCH_LOOP: watch.loopFile }) },
  })
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve({ child, url: chunk.toString().trim() }))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
}

/** CPU time that a process (all its threads) has used, in microseconds; NaN where there is no /proc. */
export function cpuMicros(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS
  } catch {
    return Number.NaN
  }
}

/** Resident memory in MiB. */
export function rssMiB(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
  } catch {
    return Number.NaN
  }
}
