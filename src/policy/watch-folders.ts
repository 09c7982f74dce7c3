import { watch, type FSWatcher } from 'node:fs'

/** Editors write a file in several steps; this long after the last one the files are read, in ms. */
const QUIET = 100

export interface FolderWatch {
  close(): void
}

export interface WatchedFolders {
  readonly folders: readonly string[]
  /** Whether a file of this name matters. */
  readonly matches: (name: string) => boolean
  readonly changed: () => void
  /** Told when a folder can no longer be watched. */
  readonly onError: (error: unknown) => void
}

/**
 * Calls back once after a burst of changes, well within a second. Folders are watched, not files, so that a file
 * replaced by renaming is seen.
 */
export function watchFolders({ folders, matches, changed, onError }: WatchedFolders): FolderWatch {
  let timer: NodeJS.Timeout | undefined
  const heard = (_event: string, name: string | null): void => {
    if (name !== null && !matches(name)) return
    clearTimeout(timer)
    timer = setTimeout(changed, QUIET)
  }
  const watchers: FSWatcher[] = []
  for (const folder of new Set(folders)) {
    try {
      watchers.push(watch(folder, { persistent: false }, heard).on('error', onError))
    } catch (error) {
      onError(error)
    }
  }
  return {
    close: () => {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}
