import { watch, type FSWatcher } from 'node:fs'
import { dirname } from 'node:path'
import type { PolicyLocations } from './load-policy-set.ts'
import type { PolicyEngine } from './policy-engine.ts'

/** Editors write a file in several steps; this long after the last one the files are read, in ms. */
const QUIET = 100

export interface PolicyWatch {
  close(): void
}

/**
 * Reloads when a policy file or the schema changes, well within a second. Folders are watched, not files, so
 * that a file replaced by renaming is seen.
 * @param onError told when a folder can no longer be watched; `reload` still works.
 */
export function watchPolicies(
  engine: PolicyEngine,
  locations: PolicyLocations,
  onError: (error: unknown) => void,
): PolicyWatch {
  let timer: NodeJS.Timeout | undefined
  const changed = (_event: string, name: string | null): void => {
    if (name !== null && !/(?:\.cedar|\.cedarschema|^links\.(?:yaml|json))$/.test(name)) return
    clearTimeout(timer)
    timer = setTimeout(() => void engine.reload(), QUIET)
  }
  const watchers: FSWatcher[] = []
  for (const folder of new Set([...locations.folders, dirname(locations.schemaFile)])) {
    try {
      watchers.push(watch(folder, { persistent: false }, changed).on('error', onError))
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
