import { newId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { NewRecord } from '../../core/record.ts'
import { pinStatus, type SeenDefinition, type ToolPin } from '../../core/tool-pin.ts'
import { adminRecord } from '../admin-records.ts'
import type { GateDeps } from '../gate-deps.ts'

export type PinRecordDeps = Pick<GateDeps, 'entropy' | 'clock'> & {
  readonly settings: Pick<GateDeps['settings'], 'tenant' | 'protection'>
}

/** Tools that a server listed for the first time, in one record; the definitions themselves can be erased. */
export function seenRecord(deps: PinRecordDeps, server: string, pins: readonly ToolPin[]): NewRecord {
  const counted = (status: string): number => pins.filter((pin) => pinStatus(pin) === status).length
  return adminRecord(deps.settings, {
    kind: 'tool.seen',
    id: newId('pin', deps.entropy.bytes(16)),
    at: deps.clock.now(),
    data: {
      server,
      trusted: counted('trusted'),
      pending: counted('pending'),
      refused: counted('refused'),
    },
    detail: {
      data: {
        tools: pins.map((pin) => ({
          name: pin.name,
          digest: newest(pin).digest,
          status: pinStatus(pin),
          ...described(newest(pin)),
        })),
      },
    },
  })
}

/** A tool that is on record and is listed with another definition. */
export function changedRecord(deps: PinRecordDeps, before: ToolPin, after: ToolPin): NewRecord {
  const seen = newest(after)
  return adminRecord(deps.settings, {
    kind: 'tool.changed',
    id: newId('pin', deps.entropy.bytes(16)),
    at: deps.clock.now(),
    data: { ...named(after), digest: seen.digest, previous: newest(before).digest, status: pinStatus(after) },
    detail: { data: described(seen) },
  })
}

/** What a human decided about one definition. */
export function reviewedRecord(
  deps: PinRecordDeps,
  pin: ToolPin,
  review: {
    readonly human: string
    readonly verdict: 'approved' | 'refused'
    readonly seen: SeenDefinition
    readonly reason?: string
  },
): NewRecord {
  const { human, verdict, seen, reason } = review
  const actions = verdict === 'approved' ? pin.trusted?.actions : undefined
  return adminRecord(deps.settings, {
    kind: 'tool.reviewed',
    id: newId('pin', deps.entropy.bytes(16)),
    at: deps.clock.now(),
    actor: human,
    data: {
      ...named(pin),
      digest: seen.digest,
      verdict,
      ...(actions === undefined ? {} : { actions }),
    },
    detail: { data: described(seen), ...(reason === undefined ? {} : { comment: reason }) },
  })
}

function named({ server, name }: ToolPin): JsonObject {
  return { server, tool: name }
}

function described({ definition, flags }: SeenDefinition): JsonObject {
  return { definition, flags: flags.map((flag) => ({ ...flag })) }
}

function newest(pin: ToolPin): SeenDefinition {
  const seen = pin.candidate ?? pin.trusted
  if (seen === undefined) throw new RangeError('a pin without any definition')
  return seen
}
