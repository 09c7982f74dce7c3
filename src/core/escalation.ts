import type { Approval } from './approval.ts'
import type { Gate } from './decision.ts'

/** From when on others may close the gate as well, milliseconds since the epoch; undefined = never. */
export function escalatesAt(
  { created }: Pick<Approval, 'created'>,
  { escalateTo, escalateAfter }: Pick<Gate, 'escalateTo' | 'escalateAfter'>,
): number | undefined {
  return escalateTo === undefined || escalateAfter === undefined ? undefined : created + escalateAfter * 1_000
}

/** Whether the time is over after which others may close the gate as well: by the clock alone, on every replica. */
export function hasEscalated(approval: Pick<Approval, 'created'>, gate: Gate, now: number): boolean {
  const at = escalatesAt(approval, gate)
  return at !== undefined && now >= at
}

/** Who has to agree to this gate, in words. */
export function gateGroup({ by, escalateTo, escalateAfter }: Gate, anybody: string): string {
  const who = by ?? anybody
  return escalateTo === undefined || escalateAfter === undefined
    ? who
    : `${who}, after ${durationText(escalateAfter)} also ${escalateTo}`
}

/** @param seconds written as policies write them. */
export function durationText(seconds: number): string {
  const unit = (
    [
      ['d', 86_400],
      ['h', 3_600],
      ['m', 60],
    ] as const
  ).find(([, size]) => seconds % size === 0)
  return unit === undefined ? `${seconds}s` : `${seconds / unit[1]}${unit[0]}`
}
