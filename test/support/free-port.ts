import { createServer } from 'node:net'

/** Below what systems hand out for outgoing connections, so that none of those takes a port between two starts. */
const FIRST = 12_000
const EACH = 1_000
const WORKERS = 16

const worker = Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS
let next = Math.floor(Math.random() * EACH)

/** A port that nobody listens on, of a range that no other worker of the same run draws from. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < EACH; tries += 1) {
    const port = FIRST + worker * EACH + (next % EACH)
    next += 1
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    // Every address, since `localhost` may be of either family.
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}
