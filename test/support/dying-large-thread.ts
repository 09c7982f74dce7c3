import { parentPort, workerData } from 'node:worker_threads'

/** A thread for large messages that ends on the kind of job named in `dies`, as one without memory would. */
const { dies } = workerData as { readonly dies: string }
parentPort?.on('message', ({ kind }: { readonly kind: string }) => {
  // oxlint-disable-next-line unicorn/no-process-exit -- ends this thread alone
  if (kind === dies) process.exit(3)
})
await import('../../src/server/large/large-thread.ts')
