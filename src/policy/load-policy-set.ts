import { basename } from 'node:path'
import { BUILTIN_FILE, BUILTIN_POLICIES } from './builtin-policies.ts'
import { compilePolicySet } from './compile-policy-set.ts'
import type { PolicySource } from './parse-job.ts'
import { type FactTypes, withFacts } from './facts-schema.ts'
import { parsePolicies, type ParsedPolicies } from './parse-policies.ts'
import { PolicyCache } from './policy-cache.ts'
import type { LoadedPolicySet } from './policy-set.ts'
import { readPack, readPolicyText } from './read-pack.ts'

export interface PolicyLocations {
  /** Each may hold several `.cedar` files; all of them together are one set. */
  readonly folders: readonly string[]
  readonly schemaFile: string
  /** What the configuration types, as members of `context.facts`. */
  readonly facts?: FactTypes
  /** Where parsed policies are kept between starts; must be as well protected as the policies. */
  readonly cacheDir?: string
}

/** A set with what it was compiled from, for tools that show, cover or rewrite policies. */
export interface PolicyBundle {
  readonly set: LoadedPolicySet
  readonly parsed: ParsedPolicies
  readonly schemaText: string
}

/**
 * Reads, checks and compiles the policies of all folders together with Remit's own.
 * @throws RemitError `policy_invalid` that lists what is wrong and where; `policy_engine_failed`.
 */
export async function loadPolicySet(locations: PolicyLocations): Promise<LoadedPolicySet> {
  return (await loadPolicyBundle(locations)).set
}

/** @throws RemitError as `loadPolicySet`. */
export async function loadPolicyBundle(locations: PolicyLocations): Promise<PolicyBundle> {
  const text = withFacts(await readPolicyText(locations.schemaFile), locations.facts ?? {})
  const schema = { file: basename(locations.schemaFile), text }
  const packs = (await Promise.all(locations.folders.map(readPack))).flat()
  const builtin: PolicySource = { file: BUILTIN_FILE, text: BUILTIN_POLICIES }
  const parsed = await parsePolicies([builtin, ...packs], schema, new PolicyCache(locations.cacheDir))
  return { set: compilePolicySet(parsed, schema.text), parsed, schemaText: schema.text }
}
