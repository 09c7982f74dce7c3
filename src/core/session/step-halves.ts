import type { Door } from '../tool-call.ts'
import type { SessionRecord, SessionStep } from './session-steps.ts'

export interface StepHalf {
  readonly door: Door | undefined
  readonly records: readonly [SessionRecord, ...SessionRecord[]]
}

/** What each door heard of one step, in the order in which they did. What no door heard goes with what is before it. */
export function halvesOf({ records }: SessionStep): readonly StepHalf[] {
  const halves = new Map<Door | undefined, [SessionRecord, ...SessionRecord[]]>()
  let door = records.find(({ envelope }) => envelope.call !== undefined)?.envelope.call?.door
  for (const record of records) {
    door = record.envelope.call?.door ?? door
    const half = halves.get(door)
    if (half === undefined) halves.set(door, [record])
    else half.push(record)
  }
  return [...halves].map(([each, of]) => ({ door: each, records: of }))
}
