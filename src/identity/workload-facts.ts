import type { JWTPayload } from 'jose'
import type { Workload, WorkloadKind } from '../core/workload.ts'
import { claimText } from './claim-rules.ts'
import { parseSpiffeId } from './spiffe-id.ts'

type Facts = Omit<Workload, 'name' | 'kind' | 'issuer' | 'subject'>

/**
 * Which claims mean what. GitHub: the OIDC token of Actions; GitLab: its ID tokens; Kubernetes: bound service account
 * tokens.
 */
const NAMES: Readonly<Record<WorkloadKind, { readonly [F in keyof Facts]?: readonly string[] }>> = {
  github: {
    actor: ['actor'],
    commit: ['sha'],
    environment: ['environment'],
    event: ['event_name'],
    pipeline: ['job_workflow_ref', 'workflow_ref'],
    ref: ['ref'],
    repository: ['repository'],
    run: ['run_id'],
  },
  gitlab: {
    actor: ['user_login'],
    commit: ['sha'],
    environment: ['environment'],
    event: ['pipeline_source'],
    pipeline: ['ci_config_ref_uri'],
    ref: ['ref_path', 'ref'],
    repository: ['project_path'],
    run: ['pipeline_id'],
  },
  kubernetes: {
    namespace: ['kubernetes.io/namespace'],
    pod: ['kubernetes.io/pod/name'],
    serviceAccount: ['kubernetes.io/serviceaccount/name'],
  },
  spiffe: {},
}

/** Characters of a claim that becomes a fact. */
const LONGEST = 1_024

/** What the token of a workload says, in our words. @returns a text that says what is wrong instead of facts, for a token that is not of its kind. */
export function workloadFacts(kind: WorkloadKind, payload: JWTPayload): Facts | string {
  const facts: Record<string, string> = {}
  for (const [fact, claims] of Object.entries(NAMES[kind])) {
    const text = claims.map((claim) => claimText(payload, claim)).find((each) => each !== undefined)
    if (text === undefined || text === '') continue
    if (text.length > LONGEST) return `its \`${fact}\` is too long`
    facts[fact] = text
  }
  if (kind === 'kubernetes') return checkedCluster(facts, payload)
  if (kind === 'spiffe') return spiffeFacts(payload)
  return facts['repository'] === undefined ? 'it names no repository' : facts
}

/** `sub` and the claims of a bound token say the same; an old token without claims is a secret that never ends. */
function checkedCluster(facts: Facts, { sub }: JWTPayload): Facts | string {
  const { namespace, serviceAccount } = facts
  if (namespace === undefined || serviceAccount === undefined) {
    return 'it has no `kubernetes.io` claims of a service account: mount a projected token'
  }
  if (sub !== `system:serviceaccount:${namespace}:${serviceAccount}`) {
    return 'its `sub` is not the service account of its `kubernetes.io` claims'
  }
  return facts
}

function spiffeFacts({ sub = '' }: JWTPayload): Facts | string {
  const id = parseSpiffeId(sub)
  return id === undefined ? 'its `sub` is no SPIFFE ID of a workload' : { trustDomain: id.trustDomain }
}
