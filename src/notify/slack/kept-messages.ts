import type { Journal } from '../../audit/journal.ts'
import type { Clock } from '../../core/clock.ts'
import type { TenantId } from '../../core/ids.ts'
import type { StoredOAuthEntry } from '../../core/oauth-entry.ts'
import type { SlackMessages } from './slack-channel.ts'

const MODEL = 'slack.message'
/** How long after its end a request's message may still be changed, in ms: longer than it is tried. */
const KEPT = 2 * 86_400_000

export interface KeptPlace {
  readonly tenant: TenantId
  readonly journal: Journal
  readonly entries: {
    get(tenant: TenantId, model: string, id: string): Promise<StoredOAuthEntry | undefined>
  }
  readonly clock: Clock
}

/** Which message is whose, in the store: it lasts over restarts, and every replica finds it. */
export function keptMessages({ tenant, journal, entries, clock }: KeptPlace): SlackMessages {
  return {
    get: async (key) => (await entries.get(tenant, MODEL, key))?.body,
    async put(id, { expires }, ts) {
      const entry = { tenant, model: MODEL, id, at: clock.now(), expires: expires + KEPT, body: ts }
      await journal.commit({ records: [], changes: [{ kind: 'put-oauth', entry }] })
    },
  }
}
