import { loadPolicySet } from '../policy/load-policy-set.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import { SCHEMA_FILE } from './policy-locations.ts'

/** @throws RemitError `policy_invalid` with one line a problem. @param folder absolute path. */
export function checkPolicies(folder: string): Promise<PolicySet> {
  return loadPolicySet({ folders: [folder], schemaFile: SCHEMA_FILE })
}
