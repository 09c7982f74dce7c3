/**
 * Preloaded into a process whose event loop is watched (`--import`): on SIGUSR2 it writes what happened since the last
 * time, in milliseconds, to the file that `BENCH_LOOP` names. `max` and `p99` are delays by the clock, with what other
 * processes took; `busiest` is the most CPU time that its main thread spent between two turns of a timer of 1 ms.
 */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const file = process.env['BENCH_LOOP']
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let spent = cpuMillis()
  let busiest = 0
  setInterval(() => {
    const now = cpuMillis()
    busiest = Math.max(busiest, now - spent)
    spent = now
  }, 1).unref()
  process.on('SIGUSR2', () => {
    const ms = (nanos: number): number => nanos / 1e6
    writeFileSync(file, JSON.stringify({ max: ms(delay.max), p99: ms(delay.percentile(99)), busiest }))
    delay.reset()
    busiest = 0
  })
}

/** CPU time of this thread. */
function cpuMillis(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
