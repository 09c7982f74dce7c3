import { load, type Shape, type Target } from './load.ts'

// The load of one client machine in a process of its own, so that it is no part of what is measured beside it.
process.once('message', (message) => void work(message as { readonly target: Target; readonly shape: Shape }))

async function work({ target, shape }: { readonly target: Target; readonly shape: Shape }): Promise<void> {
  process.send?.(await load(target, shape))
  process.disconnect?.()
}
