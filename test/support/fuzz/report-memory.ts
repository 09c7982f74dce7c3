import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** Loaded before a gateway: SIGUSR2 has it collect its garbage and write what it holds to a file. */
const file = process.env['REMIT_FUZZ_MEMORY']
if (isMainThread && file !== undefined && process.argv[2] === 'start') {
  process.on('SIGUSR2', () => {
    for (let round = 0; round < 4; round += 1) globalThis.gc?.()
    setTimeout(() => {
      globalThis.gc?.()
      writeFileSync(file, JSON.stringify(process.memoryUsage()))
    }, 200)
  })
}
