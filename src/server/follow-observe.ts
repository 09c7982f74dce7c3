import { basename, dirname } from 'node:path'
import { asRemitError } from '../core/errors.ts'
import { watchFolders } from '../policy/watch-folders.ts'
import type { Cleanup } from './cleanup.ts'
import { loadObserve } from './load-config.ts'
import { entriesOf } from './observe-setting.ts'
import type { Foundation } from './open-foundation.ts'

/** Who a change of the file on disk is put down to: the gateway cannot know who wrote it. */
const ACTOR = 'config-file'

/**
 * Reads the observe part of the configuration file again. One that cannot be read enforces everything; what
 * changed or waits is on record.
 * @param by who asked for it; absent = the file changed.
 * @throws RemitError `config_invalid`, when everything is enforced already.
 */
export async function readObserveAgain(foundation: Foundation, by?: string): Promise<void> {
  const { loaded, observe, log, record } = foundation
  if (loaded.file === undefined) return
  const actor = by ?? ACTOR
  try {
    const read = observe.read(loadObserve(loaded.file))
    const { waiting } = observe
    if (read.changed) {
      log.log('warn', 'observe.changed', { observing: entriesOf(observe.rules) })
      await record('observe.changed', { observing: entriesOf(observe.rules) }, { actor })
    }
    if (read.held && waiting !== undefined) {
      log.log('warn', 'observe.held', { hash: waiting.hash, held: waiting.held })
      await record('observe.held', { hash: waiting.hash, held: waiting.held }, { actor })
    }
  } catch (thrown) {
    const error = asRemitError(thrown)
    const changed = observe.lost()
    log.log('error', 'observe.refused', { message: error.message, observing: [] })
    if (changed) await record('observe.changed', { observing: [] }, { actor, comment: error.message })
    throw error
  }
}

/** Follows the configuration file while the gateway runs. */
export function followObserve(foundation: Foundation, cleanup: Cleanup): void {
  const { loaded, log } = foundation
  const { file } = loaded
  if (file === undefined) return
  const watching = watchFolders({
    folders: [dirname(file)],
    matches: (name) => name === basename(file),
    changed: () => {
      readObserveAgain(foundation).catch((thrown: unknown) => {
        log.log('warn', 'observe.not_followed', { message: asRemitError(thrown).message })
      })
    },
    onError: (error) => {
      log.log('warn', 'observe.not_watched', { message: asRemitError(error).detail })
    },
  })
  cleanup.add('observe watch', () => {
    watching.close()
  })
}
