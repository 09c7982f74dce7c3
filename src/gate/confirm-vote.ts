import type { Approval } from '../core/approval.ts'
import type { Assertion } from '../core/assertion.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import type { Digest, HumanId } from '../core/ids.ts'
import type { Widening } from '../core/widening.ts'
import type { Actor } from './administration.ts'
import type { StepUp, StepUpAnswer } from './step-up.ts'

interface CastVote {
  readonly human: HumanId
  /** Scopes of the gates that it closes. */
  readonly gates: readonly string[]
  readonly grant?: 'task'
  readonly widen?: Widening
  /** Whose deputy they are. */
  readonly for?: HumanId
}

/** Digest of what one vote agrees to: the call, what the human was shown of it, and how far it goes. */
export function voteDigest(
  sha256: (text: string) => Digest,
  { tenant, id, task, call, decision, prompt }: Approval,
  { human, gates, grant, widen, for: other }: CastVote,
): Digest {
  const shown = sha256(prompt)
  const how = {
    human,
    gates: gates.toSorted(),
    grant: grant ?? null,
    ...(widen === undefined ? {} : { widen }),
    ...(other === undefined ? {} : { for: other }),
  }
  return sha256(canonicalJson({ v: 1, kind: 'approval', tenant, id, task, call, decision, shown, ...how }))
}

/**
 * A vote for a gate of high severity wants a fresh proof.
 * @throws RemitError `step_up_needed`, `passkey_refused`, `credential_invalid`.
 */
export async function confirmVote(
  deps: { readonly sha256: (text: string) => Digest; readonly stepUp?: StepUp },
  actor: Actor,
  cast: { readonly approval: Approval; readonly vote: CastVote; readonly answer: StepUpAnswer | undefined },
): Promise<Assertion | undefined> {
  const { approval, vote, answer } = cast
  const grave = approval.gates.some(
    ({ scope, severity }) => severity === 'high' && vote.gates.includes(scope),
  )
  if (!grave || deps.stepUp === undefined) return undefined
  return deps.stepUp.confirm(actor, voteDigest(deps.sha256, approval, vote), answer)
}
