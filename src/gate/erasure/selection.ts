import type { ErasureSelection, LegalHold } from '../../core/erasure.ts'
import type { RecordEnvelope, RecordKind } from '../../core/record.ts'

/** Records that say what was erased, why, and what may not be: no erasure takes their words. */
const KEPT: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'erasure.ordered',
  'ledger.erased',
  'hold.placed',
  'hold.lifted',
])

function isErasable({ kind }: Pick<RecordEnvelope, 'kind'>): boolean {
  return !KEPT.has(kind)
}

type Placed = Pick<RecordEnvelope, 'kind' | 'id' | 'at' | 'actor' | 'identity' | 'data'>

export function isSelected(selection: ErasureSelection, index: number, record: Placed): boolean {
  const { records, task, human, before } = selection
  if (!isErasable(record)) return false
  if (records !== undefined && (index < records[0] || index > records[1])) return false
  if (task !== undefined && !isOfTask(record, task)) return false
  if (human !== undefined && !isOfHuman(record, human)) return false
  return before === undefined || Date.parse(record.at) < before
}

export function isHeld({ covers }: Pick<LegalHold, 'covers'>, record: Placed): boolean {
  switch (covers.target) {
    case 'tenant':
      return true
    case 'task':
      return isOfTask(record, covers.task)
    case 'human':
      return isOfHuman(record, covers.human)
    case 'time': {
      const at = Date.parse(record.at)
      return at >= covers.from && at < covers.until
    }
    default:
      return covers satisfies never
  }
}

function isOfTask({ id, identity, data }: Placed, task: string): boolean {
  return id === task || identity?.chain.includes(task) === true || data?.['task'] === task
}

function isOfHuman({ actor, identity }: Placed, human: string): boolean {
  return actor === human || identity?.human === human
}
