import { JoinedUses } from './joined-uses.ts'
import type { RecordDetail, RecordEnvelope, RecordPayload } from '../record.ts'

/** A record of a task, as far as whoever looks may see it. */
export interface SessionRecord {
  readonly index: number
  readonly envelope: RecordEnvelope
  readonly detail?: RecordDetail
  readonly payload?: RecordPayload
}

/** One thing that happened: a call with all that was decided, agreed and answered about it, at its agent’s hook too, or what else is on record. */
export interface SessionStep {
  /** Of the record that began it, in RFC 3339. */
  readonly at: string
  /** How far below the task that is looked at the one that acted is. */
  readonly depth: number
  /** In their order; the first began it. */
  readonly records: readonly [SessionRecord, ...SessionRecord[]]
}

/**
 * Steps in the order in which they began. Records of one call belong together by the id of its decision, and by that of its
 * request for consent, since the call that runs after it is decided anew; what two doors heard of one use of a tool, by the
 * agent’s own id of it, which an agent may give twice: a second call at a door is a step of its own.
 * @param records in the order of the ledger.
 */
export function sessionSteps(records: readonly SessionRecord[], task: string): readonly SessionStep[] {
  const steps = new Map<string, [SessionRecord, ...SessionRecord[]]>()
  const placeOf = new Map<string, string>()
  const uses = new JoinedUses()
  for (const record of records) {
    const names = namesOf(record.envelope)
    const place =
      names.flatMap((name) => placeOf.get(name) ?? [])[0] ??
      uses.placeOf(record.envelope) ??
      `#${record.index}`
    for (const name of names) placeOf.set(name, place)
    uses.add(record.envelope, place)
    const known = steps.get(place)
    if (known === undefined) steps.set(place, [record])
    else known.push(record)
  }
  return [...steps.values()].map((each) => ({
    at: each[0].envelope.at,
    depth: depthOf(each[0].envelope, task),
    records: each,
  }))
}

/** By which records of one call are known to belong together. */
function namesOf({ kind, id, approval }: RecordEnvelope): readonly string[] {
  const call = kind === 'decision' || kind === 'outcome' ? [`call ${id}`] : []
  if (kind.startsWith('approval.')) return [`request ${id}`]
  return approval === undefined ? call : [...call, `request ${approval.id}`]
}

function depthOf({ identity }: RecordEnvelope, task: string): number {
  const chain = identity?.chain ?? []
  return Math.max(0, chain.length - 1 - Math.max(0, chain.indexOf(task)))
}
