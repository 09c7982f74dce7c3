import type { ApprovalStore } from '../approvals/approval-store.ts'
import type { GrantStore } from '../approvals/grant-store.ts'
import type { Journal } from '../audit/journal.ts'
import type { RecordReader } from '../audit/record-reader.ts'
import type { Classifier } from '../classify/classify.ts'
import type { SecretScanner } from '../classify/secrets/secret-scanner.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import type { ConsentLimits } from '../core/consent-limits.ts'
import type { Protection } from '../core/facts.ts'
import type { Digest, ServerKey, TenantId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Log } from '../core/log.ts'
import type { LoopLimits } from '../core/loop.ts'
import type { Human, Task } from '../core/identity.ts'
import type { HumanDirectory } from '../identity/human-directory.ts'
import type { TaskStore } from '../identity/task-store.ts'
import type { ProofVerifier } from '../identity/proof-verifier.ts'
import type { TokenVerifier } from '../identity/task-token.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import type { Presence } from './fleet/presence.ts'
import type { CoverBook } from './covers/known-covers.ts'
import type { CredentialBroker } from './credentials.ts'
import type { GateEvents } from './gate-events.ts'
import type { LargeWork } from './large-work.ts'
import type { WorldView } from './world/world-view.ts'

/** Which definition of a tool is on record as reviewed. */
export interface DefinitionPins {
  isPinned(server: ServerKey, tool: string, digest: Digest): boolean
  /**
   * Another number whenever `isPinned`, or what reviewers said that tools do, may have become otherwise. Absent = its
   * answers must not be remembered.
   */
  readonly edition?: number | undefined
  /** A server listed these: what is new or changed goes on record, and counts as far as the server is trusted. */
  see(server: ServerKey, tools: readonly ListedDefinition[]): Promise<void>
}

export interface ListedDefinition {
  readonly name: string
  readonly digest: Digest
  /** Everything that the digest covers. */
  readonly definition: JsonObject
}

/** Told of every decision, for metrics. Must not throw. */
export interface GateObserver {
  decided(effect: 'allow' | 'consent' | 'deny', micros: number): void
  settled(status: 'ok' | 'error' | 'cancelled' | 'unknown', micros: number): void
}

export interface GateSettings {
  readonly tenant: TenantId
  /** Base URL of the admin plane, without a slash at its end. */
  readonly adminUrl: string
  /** Upper bound on how long a request for consent waits, and a grant lasts, in milliseconds. */
  readonly consentLifetime: number
  /** Longest that a deputy may be named for, in milliseconds; absent = `LONGEST_DEPUTY`. */
  readonly longestDeputy?: number
  readonly protection: Protection
}

/** Everything that the gate is given: no clock, randomness, key or store of its own. */
export interface GateDeps {
  readonly settings: GateSettings
  readonly verifier: TokenVerifier
  /** Takes proofs of keys to which tokens are bound. */
  readonly proofs: ProofVerifier
  readonly tasks: TaskStore
  readonly approvals: ApprovalStore
  readonly grants: GrantStore
  readonly journal: Journal
  /** What was answered before, for prompts; absent = they do not say where arguments were met. */
  readonly records?: RecordReader
  readonly humans: HumanDirectory
  /** People who are not enrolled and may decide requests of this task alone; absent = there never are any. */
  readonly guests?: (task: Task) => readonly Human[]
  /** Who is away, and who agrees for whom; absent = everybody is there, and agrees for themselves. */
  readonly covers?: CoverBook
  /** True = recorded calls are played: whoever answered them need not be enrolled here. */
  readonly replayed?: true
  readonly policies: { current(): PolicySet }
  /** When a task of this workflow counts as going round in circles; absent or undefined = never. */
  readonly loopLimits?: (workflow: string) => LoopLimits | undefined
  /** How much a tree of tasks of this workflow may ask of people; absent or undefined = nobody counts. */
  readonly consentLimits?: (workflow: string) => ConsentLimits | undefined
  readonly classifier: Classifier
  /** Looks at what arguments stand for; absent = approvals hold nothing still, since recorded calls are played. */
  readonly world?: WorldView
  /** The classifier’s own, so that both know the same values. */
  readonly scanner: SecretScanner
  /** Absent = what is large is searched on the thread that calls run on, and no result comes as bytes. */
  readonly large?: LargeWork
  readonly credentials: CredentialBroker
  readonly pins: DefinitionPins
  /** Absent = nobody listens for hooks: a call is hooked that came by one. */
  readonly presence?: Presence
  readonly clock: Clock
  readonly entropy: Entropy
  readonly sha256: (text: string) => Digest
  readonly events: GateEvents
  readonly observer: GateObserver
  readonly log: Log
}
