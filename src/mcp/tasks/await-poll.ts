import type { OpenTask } from './open-task.ts'
import type { TaskState } from './task-shape.ts'

/** Milliseconds between two looks while somebody waits for a task. */
const POLL = { least: 100, most: 5_000, usual: 1_000 }

/**
 * Until a task should be looked at again: as often as its server wants.
 * @param onChange resolves it sooner.
 * @throws the signal's reason.
 */
export function awaitPoll(
  { poll }: TaskState,
  signal: AbortSignal,
  onChange?: OpenTask['onChange'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      forget?.()
      signal.removeEventListener('abort', stop)
    }
    const stop = (): void => {
      end()
      reject(signal.reason as Error)
    }
    const done = (): void => {
      end()
      resolve()
    }
    const timer = setTimeout(done, Math.min(Math.max(poll ?? POLL.usual, POLL.least), POLL.most))
    signal.addEventListener('abort', stop, { once: true })
    const forget = onChange?.(done)
    if (signal.aborted) stop()
  })
}
