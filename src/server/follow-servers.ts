import { basename, dirname, join } from 'node:path'
import { asRemitError } from '../core/errors.ts'
import { watchFolders } from '../policy/watch-folders.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import type { ServerListControl } from './server-list-control.ts'

/** Kubernetes puts a mounted file in place by exchanging this link beside it. */
const MOUNTED = '..data'

/** Follows the servers of the configuration file while the gateway runs, also one that is not there yet. */
export function followServers(
  { loaded, log }: Foundation,
  control: ServerListControl,
  cleanup: Cleanup,
): void {
  const file = loaded.file ?? join(loaded.folder, 'remit.yaml')
  const watching = watchFolders({
    folders: [dirname(file)],
    matches: (name) => name === basename(file) || name === MOUNTED,
    changed: () => {
      // Whatever is wrong has been told.
      control.reload().catch(() => {})
    },
    onError: (error) => {
      log.log('warn', 'config.not_watched', { message: asRemitError(error).detail })
    },
  })
  cleanup.add('config watch', () => {
    watching.close()
  })
}
