import { join, resolve } from 'node:path'
import type { PolicyLocations } from '../policy/load-policy-set.ts'
import { configuredFacts } from './configured-facts.ts'
import type { LoadedConfig } from './load-config.ts'
import { PACKAGE_ROOT } from './package-version.ts'

export const SCHEMA_FILE = join(PACKAGE_ROOT, 'policies', 'remit.cedarschema')
/** The pack that the word `default` in `policies` stands for. */
export const DEFAULT_PACK = join(PACKAGE_ROOT, 'policies', 'coding-agent')

/** Where the configured policies lie, as absolute paths. */
export function policyLocations(
  loaded: Pick<LoadedConfig, 'config' | 'folder'>,
  cacheDir: string,
): PolicyLocations {
  const folders = loaded.config.policies.map((name) =>
    name === 'default' ? DEFAULT_PACK : resolve(loaded.folder, name),
  )
  return { folders, schemaFile: SCHEMA_FILE, facts: configuredFacts(loaded.config), cacheDir }
}
