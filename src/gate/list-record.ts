import { newId } from '../core/ids.ts'
import { RECORD_VERSION, type NewRecord } from '../core/record.ts'
import type { Correlation } from '../core/tool-call.ts'
import { identityOf } from './build-records.ts'
import type { Caller } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'

/** That a list was shown: how much of it as numbers and, erasably, the names of what was hidden. */
export function listRecord(
  deps: GateDeps,
  caller: Caller,
  listing: {
    /** How many. */
    readonly shown: number
    /** `server/name` of each. */
    readonly hidden: readonly string[]
    readonly correlation: Correlation
    readonly now: number
  },
): NewRecord {
  const { shown, hidden, correlation, now } = listing
  return {
    envelope: {
      v: RECORD_VERSION,
      kind: 'list',
      id: newId('lst', deps.entropy.bytes(16)),
      tenant: caller.chain.task.tenant,
      at: new Date(now).toISOString(),
      identity: identityOf(caller.chain),
      correlation,
      protection: deps.settings.protection,
      data: { shown, hidden: hidden.length, policyHash: deps.policies.current().hash },
    },
    detail: { data: { hidden } },
  }
}
