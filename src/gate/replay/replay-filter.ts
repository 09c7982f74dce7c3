import type { RecordEnvelope } from '../../core/record.ts'

/** Which decisions are played again. */
export interface ReplayFilter {
  /** Milliseconds since the epoch: from then until before `until`. */
  readonly since?: number
  readonly until?: number
  /** A task and everything below it. */
  readonly task?: string
  readonly human?: string
  /** Server, tool, or `server__tool`. */
  readonly tool?: string
  readonly workflow?: string
}

/** @param at of the record, in milliseconds since the epoch. */
export function passesFilter(envelope: RecordEnvelope, at: number, filter: ReplayFilter): boolean {
  const { identity, call } = envelope
  const { since = -Infinity, until = Infinity, task, human, tool, workflow } = filter
  if (at < since || at >= until) return false
  if (task !== undefined && identity?.chain.includes(task) !== true) return false
  if (human !== undefined && identity?.human !== human) return false
  if (workflow !== undefined && identity?.workflow !== workflow) return false
  if (tool === undefined) return true
  return call !== undefined && [call.server, call.tool, `${call.server}__${call.tool}`].includes(tool)
}
