import { dirname } from 'node:path'
import type { PolicyLocations } from './load-policy-set.ts'
import type { PolicyEngine } from './policy-engine.ts'
import { type FolderWatch, watchFolders } from './watch-folders.ts'

const POLICY_FILE = /(?:\.cedar|\.cedarschema|^links\.(?:yaml|json))$/

/**
 * Reloads when a policy file, a links file or the schema changes.
 * @param onError told when a folder can no longer be watched; `reload` still works.
 */
export function watchPolicies(
  engine: PolicyEngine,
  locations: PolicyLocations,
  onError: (error: unknown) => void,
): FolderWatch {
  return watchFolders({
    folders: [...locations.folders, dirname(locations.schemaFile)],
    matches: (name) => POLICY_FILE.test(name),
    changed: () => void engine.reload(),
    onError,
  })
}
