import { isOwnEntry } from '../credentials/oauth/token-entry.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import type { ServerListControl } from './server-list-control.ts'

/** A secret that one gateway rotates counts at every other one about this much later, in milliseconds. */
const EVERY = 1_000

/** Servers that use a secret which changed begin their sessions again; where gateways share a store, each looks for it. */
export function followSecrets(
  { vault, store, log }: Foundation,
  control: Pick<ServerListControl, 'resolveAgain' | 'refused' | 'reload'>,
  cleanup: Cleanup,
): void {
  const failed = (error: unknown): void => {
    log.log('warn', 'secrets.not_followed', { reason: String(error) })
  }
  vault.onChange((name) => {
    // A token of a human is in no server's settings.
    if (isOwnEntry(name)) return
    control
      .resolveAgain()
      // What the file says may have waited for this secret alone; what else is wrong has been told.
      .then(() => (control.refused === undefined ? undefined : control.reload().catch(() => {})))
      .catch(failed)
  })
  if (store.writer === undefined) return
  const timer = setInterval(() => {
    vault.refresh().catch(failed)
  }, EVERY)
  timer.unref()
  cleanup.add('secrets', () => clearInterval(timer))
}
