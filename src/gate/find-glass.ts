import { isGlass, wasBroken } from '../approvals/break-glass.ts'
import { expireIfDue } from '../approvals/machine.ts'
import type { Approval } from '../core/approval.ts'
import type { Change } from '../core/change.ts'
import { RemitError } from '../core/errors.ts'
import type { ApprovalId } from '../core/ids.ts'
import type { GlassReport } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'

const MOST = 1_000

/** Found by their records: among all approvals one is soon too old to be seen, and would never be reviewed. */
export async function allGlass(deps: GlassDeps): Promise<readonly GlassReport[]> {
  const { tenant } = deps.settings
  const requested = await deps.records.query({ tenant, kind: 'glass.requested', limit: MOST })
  const ids = requested.map(({ envelope }) => envelope.id as ApprovalId)
  const found = (await deps.approvals.some(tenant, ids)).filter(isGlass)
  const now = deps.clock.now()
  return Promise.all(
    found.map(async (approval) => {
      const query = { tenant, kind: 'glass.reviewed', id: approval.id, limit: 1 } as const
      const records = await deps.records.query(query)
      return { approval: expireIfDue(approval, now), reviewed: records.length > 0 }
    }),
  )
}

/** @param but this one, which is about to be broken. @throws RemitError `glass_unreviewed`. */
export async function requireReviewed(deps: GlassDeps, but?: ApprovalId): Promise<void> {
  const open = (await allGlass(deps)).find(
    ({ approval, reviewed }) => approval.id !== but && wasBroken(approval) && !reviewed,
  )
  if (open === undefined) return
  throw new RemitError(
    'glass_unreviewed',
    `\`${open.approval.id}\` has to be reviewed first: \`remit break-glass review\``,
  )
}

/**
 * Several may be asked for at once, of which one is broken: the others wait until it was reviewed. Of two that are broken
 * at the same moment, on whatever replicas, the changes of one conflict.
 * @returns changes to make with the vote; none where it breaks nothing. @throws RemitError `glass_unreviewed`.
 */
export async function breaksAlone(deps: GlassDeps, next: Approval): Promise<readonly Change[]> {
  if (!isGlass(next) || next.state !== 'granted') return []
  const { tenant } = next
  // Before looking: whatever is broken after this has a later revision.
  const { revision } = await deps.tasks.standing(tenant)
  await requireReviewed(deps, next.id)
  return [
    { kind: 'expect-standing', tenant, revision },
    { kind: 'advance-standing', tenant },
  ]
}

type GlassDeps = Pick<AdministrationDeps, 'settings' | 'records' | 'approvals' | 'clock' | 'tasks'>
