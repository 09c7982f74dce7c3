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
    /** `server/name` of everything that there is, and of what of it is shown. */
    readonly listed: readonly string[]
    readonly shown: readonly string[]
    readonly correlation: Correlation
    readonly now: number
  },
): NewRecord {
  const { listed, shown, correlation, now } = listing
  const kept = new Set(shown)
  const hidden = listed.filter((name) => !kept.has(name))
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
      data: { shown: shown.length, hidden: hidden.length, policyHash: deps.policies.current().hash },
    },
    detail: { data: { hidden } },
  }
}
