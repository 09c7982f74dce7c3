import type { ApprovalStore } from '../approvals/approval-store.ts'
import type { GrantStore } from '../approvals/grant-store.ts'
import type { HoldStore } from '../audit/hold-store.ts'
import type { Journal } from '../audit/journal.ts'
import type { RecordReader } from '../audit/record-reader.ts'
import type { RecordSearcher } from '../audit/record-search.ts'
import type { SecretStore } from '../credentials/secret-store.ts'
import type { LoginStore } from '../login/login-store.ts'
import type { OAuthStore } from '../oauth/oauth-store.ts'
import type { PinStore } from '../gate/pins/pin-store.ts'
import type { OutboxStore } from '../notify/outbox-store.ts'
import type { TaskStore } from '../identity/task-store.ts'

/** What every store offers; `test/suites/store-suite.ts` says what each part must do. */
export interface Store {
  readonly journal: Journal
  readonly tasks: TaskStore
  readonly approvals: ApprovalStore
  readonly pins: PinStore
  readonly secrets: SecretStore
  readonly oauth: OAuthStore
  readonly logins: LoginStore
  readonly grants: GrantStore
  readonly outbox: OutboxStore
  readonly holds: HoldStore
  readonly records: RecordReader
  readonly search: RecordSearcher
  /** Waits for what was committed, then lets go of files and threads. */
  close(): Promise<void>
}

export type LedgerHealth = 'available' | 'unavailable' | 'closed'

/** A store with a ledger that lasts, as a gateway runs on it. */
export interface LedgerStore extends Store {
  /** Who it writes records as, where others write to the same ledger; absent = nobody else does. */
  readonly writer?: string
  /** Whether a commit would be taken now. */
  health(): LedgerHealth
  /** Units that wait or are being written. */
  depth(): number
}
