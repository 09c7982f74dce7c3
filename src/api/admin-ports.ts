import type { Json } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import type { TaskId } from '../core/ids.ts'
import type { Actor, Administration } from '../gate/administration.ts'
import type { PolicyControl } from '../gate/policy-control.ts'
import type { ServerControl } from '../gate/server-list.ts'
import type { ConnectControl } from '../gate/connect-control.ts'
import type { BackupControl } from '../gate/backup-control.ts'
import type { Erasures } from '../gate/erasure/erasures.ts'
import type { Fleet } from '../gate/fleet/list-fleet.ts'
import type { KeyControl } from '../gate/key-control.ts'
import type { PastControl } from '../gate/replay/past-control.ts'
import type { ViewKeeper } from '../gate/views/manage-views.ts'
import type { ReviewControl } from '../gate/review/review-control.ts'
import type { WhyControl } from '../gate/why/why-control.ts'
import type { SecretControl } from '../gate/secret-control.ts'
import type { HostGuard } from '../net/check-host.ts'
import type { StreamPlaces } from './event-stream.ts'
import type { PolicyView } from '../gate/policy-control.ts'
import type { PageSending } from './send-page.ts'
import type { ServersNow } from './console-contract.ts'
import type { BrowserDoor } from './browser-door.ts'
import type {
  DemoApproverAnswer,
  ExplainAnswer,
  ReadyAnswer,
  ServerAnswer,
  ServerCheck,
  StatusAnswer,
} from './contract.ts'

/** What is only observed, and until when in RFC 3339. */
type Observed = StatusAnswer['observing'][number]

/** Everything that the admin plane is given. */
export interface AdminPorts {
  readonly administration: Administration
  readonly policyControl: PolicyControl
  readonly secretControl: SecretControl
  readonly keyControl: KeyControl
  readonly backupControl: BackupControl
  readonly erasures: Erasures
  /** Agents that the gateway has heard of. */
  readonly fleet: Fleet
  /** Questions to the ledger that people keep. */
  readonly views: ViewKeeper
  readonly connectControl: ConnectControl
  /** Takes the gateway's own secrets out of an answer. */
  scrub<Value extends Json | undefined>(value: Value): Value
  readonly serverControl: ServerControl
  /** @throws RemitError `credential_missing` | `credential_invalid`. */
  authenticate(authorization: string | undefined): Promise<Actor>
  /** Browsers in which people are logged in. */
  readonly browsers: BrowserDoor
  readonly pages: PageSending
  readonly streams: StreamPlaces
  /** The policies in force. */
  readonly policyView: PolicyView
  /** Rules that are not enforced now. */
  observing(): readonly Observed[]
  status(): Promise<StatusAnswer>
  servers(): readonly ServerAnswer[]
  serversNow(): ServersNow
  /** @param server only this one. @throws RemitError `not_found`. */
  checkServers(server?: string): Promise<readonly ServerCheck[]>
  readiness(): Promise<ReadyAnswer>
  /** Prometheus text format 0.0.4. */
  metrics(): Promise<string>
  /** True = `/metrics` answers this machine without a credential. */
  readonly metricsOpen: boolean
  /** Reading it is on record. @throws RemitError `decision_unknown`. */
  explain(actor: Actor, id: string): Promise<ExplainAnswer>
  readonly why: WhyControl
  readonly review: ReviewControl
  readonly past: PastControl
  /** Only where the demo runs. */
  readonly demoApprover?: (actor: Actor, task: TaskId) => Promise<DemoApproverAnswer>
  readonly hostGuard: HostGuard
  /** Largest request body in bytes. */
  readonly bodyCap: number
  readonly log: Log
}
