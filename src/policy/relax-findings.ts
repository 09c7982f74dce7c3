import { compilePolicy, type CompiledPolicy } from './compile-policy.ts'
import type { Findings } from './weigh-policies.ts'

/** Which rules are only watched for now. Remit's own and those marked `@always` never are. */
export interface Relaxation {
  /** Every rule of packs, and the lack of a permit too. */
  readonly everything: boolean
  /** Ids of forbids. */
  readonly policies: ReadonlySet<string>
}

const ALL = { op: 'All' }
const OBSERVED_PERMIT = compilePolicy(
  {
    effect: 'permit',
    principal: ALL,
    action: ALL,
    resource: ALL,
    conditions: [],
    annotations: { reason: 'nothing permits this, but rules are only observed for now' },
  },
  { id: 'remit:observed', source: 'builtin' },
)

/** What policies said, without what is only watched. */
export function relaxFindings(findings: Findings, { everything, policies }: Relaxation): Findings {
  const enforced = ({ info }: CompiledPolicy): boolean =>
    info.source === 'builtin' || info.always === true || !(everything || policies.has(info.id))
  const { permits, forbids, errors } = findings
  return {
    permits: everything && permits.length === 0 ? [OBSERVED_PERMIT] : permits,
    forbids: forbids.filter(enforced),
    errors: errors.filter(({ policy }) => !policy.forbids || enforced(policy)),
  }
}
