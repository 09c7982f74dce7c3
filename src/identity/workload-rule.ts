import type { Environment } from '../core/identity.ts'
import type { HumanId } from '../core/ids.ts'
import type { Scope } from '../core/scope.ts'
import type { WorkloadKind } from '../core/workload.ts'
import type { ClaimRules } from './claim-rules.ts'
import type { IssuerKeys } from './issuer-keys.ts'

/** Which workloads may begin which tasks, as configured. */
export interface WorkloadRule {
  readonly name: string
  readonly kind: WorkloadKind
  /** `iss` of its tokens; absent only for `spiffe`, whose trust domain says who issues. */
  readonly issuer?: string
  /** Of `spiffe`. */
  readonly trustDomain?: string
  /** What `aud` may be, which must be one. */
  readonly audiences: readonly string[]
  readonly algorithms: readonly string[]
  readonly keys: IssuerKeys
  /** Milliseconds since it was issued. */
  readonly maxAge: number
  readonly where: ClaimRules
  readonly workflow: string
  /** Names the human by a claim; absent = the owner of the workflow. */
  readonly human?: { readonly claim: string; readonly map: ReadonlyMap<string, HumanId> }
  readonly environment: Environment
  /** Beyond the workflow's own limits. */
  readonly scope: Scope
  /** Set = its tasks are for the repository of its token alone, under this name and one slash more; '' = as it is. */
  readonly ownRepository?: string
  /** Milliseconds; absent = as the workflow says. */
  readonly lifetime?: number
  /** A task ends with the token that began it. */
  readonly endsWithToken: boolean
  readonly tasksPerToken: number
  /** Absent = any. */
  readonly agents?: readonly string[]
}
