import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { PolicyCase } from '../policy/case-schema.ts'
import { loadPolicyBundle, type PolicyBundle } from '../policy/load-policy-set.ts'
import { readCases } from '../policy/read-cases.ts'
import { configuredFacts } from './configured-facts.ts'
import type { ConfigLocation } from './load-config.ts'
import { ownPolicyCache } from './own-policy-cache.ts'
import { stateOf } from './state-of.ts'
import { loadSelected } from './tenants/select-tenant.ts'
import { DEFAULT_PACK, SCHEMA_FILE } from './policy-locations.ts'

const CASES = 'cases.yaml'

/** A folder of policies as an absolute path; `default` is the pack that comes with Remit, as in `remit.yaml`. */
export function packFolder(cwd: string, name: string): string {
  return name === 'default' ? DEFAULT_PACK : resolve(cwd, name)
}

/**
 * @param folder absolute path.
 * @param config configuration whose facts the policies may read.
 * @throws RemitError `policy_invalid` with one line a problem; `config_invalid`.
 */
export function loadPack(folder: string, config: ConfigLocation): Promise<PolicyBundle> {
  const loaded = loadSelected(config)
  const facts = configuredFacts(loaded.config)
  const cache = ownPolicyCache(stateOf(loaded))
  return loadPolicyBundle({ folders: [folder], schemaFile: SCHEMA_FILE, facts, ...cache })
}

/** Longest that a request waits by the configuration, in milliseconds. @throws RemitError `config_invalid`. */
export function requestLifetime(config: ConfigLocation): number {
  return loadSelected(config).config.consent.expires
}

/**
 * The cases of a folder; undefined when it has none.
 * @throws RemitError `policy_invalid` for a file that is no list of cases.
 */
export async function loadCases(folder: string): Promise<readonly PolicyCase[] | undefined> {
  const text = await readFile(join(folder, CASES), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : readCases(text, join(basename(folder), CASES))
}
