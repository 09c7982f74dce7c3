import { BUILTIN_FILE, BUILTIN_POLICIES } from '../../policy/builtin-policies.ts'
import { compilePolicySet } from '../../policy/compile-policy-set.ts'
import type { PolicyBundle } from '../../policy/load-policy-set.ts'
import type { PolicySource } from '../../policy/parse-job.ts'
import { parsePolicies } from '../../policy/parse-policies.ts'
import { PolicyCache } from '../../policy/policy-cache.ts'

/** Policies that are in no folder, as `remit policy check` would take them. @throws RemitError `policy_invalid`. */
export async function bundleOfText(
  sources: readonly PolicySource[],
  schemaText: string,
): Promise<PolicyBundle> {
  const builtin = { file: BUILTIN_FILE, text: BUILTIN_POLICIES }
  const schema = { file: 'remit.cedarschema', text: schemaText }
  const parsed = await parsePolicies([builtin, ...sources], schema, new PolicyCache(undefined))
  return { parsed, schemaText, set: compilePolicySet(parsed, schemaText) }
}
