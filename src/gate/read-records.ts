import type { RecordQuery, StoredRecord } from '../audit/record-reader.ts'
import { type HumanId, newId } from '../core/ids.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { adminRecord } from './admin-records.ts'
import { limitedTo } from './reach.ts'

/** What they ask for of what is in their reach, newest first; that they looked is on record. */
export async function queryRecords(
  deps: AdministrationDeps,
  actor: Actor,
  query: Omit<RecordQuery, 'tenant'>,
): Promise<readonly StoredRecord[]> {
  await recordRead(deps, actor, query)
  const found = await deps.records.query({ ...query, ...ofWhom(actor), tenant: deps.settings.tenant })
  return found.map((record) => asSeenBy(actor, record))
}

/** Of a query: whose records alone it is about. */
export function ofWhom(actor: Actor): { readonly human?: HumanId } {
  const human = limitedTo(actor)
  return human === undefined ? {} : { human }
}

/** Whoever sees only that something was done gets its envelope; what it carried is for its human and for auditors. */
export function asSeenBy(actor: Actor, record: StoredRecord): StoredRecord {
  const { index, body, envelope } = record
  const whose = envelope.identity?.human ?? envelope.actor
  return actor.reach === 'bare' && whose !== actor.human.id ? { index, body, envelope } : record
}

export async function recordRead(
  deps: AdministrationDeps,
  actor: Actor,
  { kind, task, id, after }: Omit<RecordQuery, 'tenant'>,
): Promise<void> {
  const record = adminRecord(deps.settings, {
    kind: 'audit.read',
    id: newId('aud', deps.entropy.bytes(16)),
    at: deps.clock.now(),
    actor: actor.human.id,
    data: {
      kind: kind ?? null,
      task: task ?? null,
      after: after ?? null,
      ...(id === undefined ? {} : { id }),
    },
  })
  await deps.journal.commit({ records: [record], changes: [] })
}
