import type { PinBoard } from '../gate/pins/pin-board.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'

/** A review at one gateway counts at every other one about this much later, in milliseconds. */
const EVERY = 1_000

/** Where gateways share a store, each looks for what the others reviewed. */
export function followPins(
  { store, log }: Foundation,
  board: Pick<PinBoard, 'refresh'>,
  cleanup: Cleanup,
): void {
  if (store.writer === undefined) return
  const timer = setInterval(() => {
    board.refresh().catch((error: unknown) => {
      log.log('warn', 'pins.not_followed', { reason: String(error) })
    })
  }, EVERY)
  timer.unref()
  cleanup.add('pins', () => clearInterval(timer))
}
