import type { RecordEnvelope } from '../record.ts'
import type { Door } from '../tool-call.ts'

/** Which steps are halves of one use of a tool: each door is heard once, under the agent’s own id of the use. */
export class JoinedUses {
  readonly #known = new Map<string, { readonly place: string; readonly doors: Set<Door> }>()

  /** @returns the step of its other half; undefined = there is none. */
  placeOf(envelope: RecordEnvelope): string | undefined {
    const known = this.#known.get(keyOf(envelope) ?? '')
    return known === undefined || envelope.call === undefined || known.doors.has(envelope.call.door)
      ? undefined
      : known.place
  }

  add(envelope: RecordEnvelope, place: string): void {
    const key = keyOf(envelope)
    if (key === undefined || envelope.call === undefined) return
    const known = this.#known.get(key)
    if (known === undefined) this.#known.set(key, { place, doors: new Set([envelope.call.door]) })
    else if (known.place === place) known.doors.add(envelope.call.door)
  }
}

/** Ids of uses are an agent’s own: those of another tree of tasks are others. */
function keyOf({ identity, correlation }: RecordEnvelope): string | undefined {
  const root = identity?.chain[0]
  return root === undefined || correlation?.toolUse === undefined
    ? undefined
    : `${root} ${correlation.toolUse}`
}
