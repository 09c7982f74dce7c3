import { ERASABLE_PARTS, type ErasureSelection } from '../../core/erasure.ts'
import { RemitError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { adminRecord } from '../admin-records.ts'
import { countErasure, type ErasureDeps, type ErasureOrder, heldBack, runErasure } from './run-erasure.ts'
import type { ErasureCount, ErasureWish } from './erasures.ts'

export interface OrderedErasure extends ErasureWish {
  readonly by: string
  readonly reason: string
  readonly leavesHeld: boolean
}

/**
 * Puts the order on record, so that a crash cannot make anybody forget it, and does it.
 * @throws RemitError `input_invalid`, `legal_hold`, and what committing throws.
 */
export async function orderErasure(
  deps: ErasureDeps,
  wish: OrderedErasure,
): Promise<ErasureCount & { readonly order: string }> {
  requireSelection(wish.selection)
  const { size } = await deps.records.head(deps.settings.tenant)
  const order: ErasureOrder = { ...wish, id: newId('ers', deps.entropy.bytes(16)), size }
  if (!wish.leavesHeld) {
    const { held, holds } = await countErasure(deps, order)
    if (held > 0) throw heldBack(holds)
  }
  await deps.journal.commit({ records: [orderRecord(deps, order, wish.reason)], changes: [] })
  return { ...(await runErasure(deps, order)), order: order.id }
}

/** Orders that a crash or a failing disk left behind are done now; one that cannot be is told, and tried at the next start. */
export async function resumeErasures(deps: ErasureDeps): Promise<void> {
  const { tenant } = deps.settings
  const ordered = await deps.records.query({ tenant, kind: 'erasure.ordered', limit: MOST_RESUMED })
  for (const { envelope } of ordered.toReversed()) {
    const { id } = envelope
    const [newest] = await deps.records.query({ tenant, id, kind: 'ledger.erased', limit: 1 })
    if (newest?.envelope.data?.['done'] === true) continue
    const order = orderOf(envelope.actor ?? '', id, envelope.data ?? {})
    try {
      await runErasure(deps, order)
      deps.log.log('info', 'erasure.resumed', { order: id })
    } catch (error) {
      deps.log.log('error', 'erasure.unfinished', { order: id, reason: String(error) })
    }
  }
}

/** Older orders were done, or given up at many starts. */
const MOST_RESUMED = 100

/** @throws RemitError `input_invalid`: nothing named would be everything. */
export function requireSelection({ records, task, human, before }: ErasureSelection): void {
  if ([records, task, human, before].every((one) => one === undefined)) {
    throw new RemitError('input_invalid', 'name what to erase: records, a task, a human or a time')
  }
}

function orderRecord(deps: ErasureDeps, order: ErasureOrder, reason: string) {
  const { id, by, selection, parts, size, leavesHeld } = order
  const { records, task, human, before } = selection
  return adminRecord(deps.settings, {
    kind: 'erasure.ordered',
    id,
    at: deps.clock.now(),
    actor: by,
    data: {
      leavesHeld,
      parts,
      size,
      selection: {
        ...(records === undefined ? {} : { records: [...records] }),
        ...(task === undefined ? {} : { task }),
        ...(human === undefined ? {} : { human }),
        ...(before === undefined ? {} : { before }),
      },
    },
    detail: { comment: reason },
  })
}

/** As `orderRecord` wrote it. */
function orderOf(by: string, id: string, data: JsonObject): ErasureOrder {
  const { parts, selection, size, leavesHeld } = data
  const said = Array.isArray(parts) ? parts : []
  return {
    id,
    by,
    selection: selection as ErasureSelection,
    parts: ERASABLE_PARTS.filter((part) => said.includes(part)),
    size: Number(size),
    leavesHeld: leavesHeld === true,
  }
}
