import type { Clock, Entropy } from '../../core/clock.ts'
import type { Cover } from '../../core/cover.ts'
import { newId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { NewRecord } from '../../core/record.ts'
import { adminRecord } from '../admin-records.ts'
import type { GateSettings } from '../gate-deps.ts'

interface CoverRecording {
  readonly settings: Pick<GateSettings, 'tenant' | 'protection'>
  readonly clock: Clock
  readonly entropy: Entropy
}

/** That somebody is away or has a deputy, or no longer. @param actor who says so. */
export function coverRecord(
  { settings, clock, entropy }: CoverRecording,
  actor: string,
  { human, until, away, deputy }: Cover,
  { kind, signed }: { readonly kind: 'cover.set' | 'cover.ended'; readonly signed?: JsonObject },
): NewRecord {
  return adminRecord(settings, {
    kind,
    id: newId('cvr', entropy.bytes(16)),
    at: clock.now(),
    actor,
    data: {
      human,
      until: new Date(until).toISOString(),
      away,
      ...(deputy === undefined ? {} : { deputy }),
    },
    ...(signed === undefined ? {} : { detail: { data: signed } }),
  })
}
