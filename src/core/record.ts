import type { Action } from './actions.ts'
import type { Decision, Effect, ObservedRules } from './decision.ts'
import type { Facts, Protection } from './facts.ts'
import type { Environment } from './identity.ts'
import type { Json, JsonObject } from './json.ts'
import type { Label } from './labels.ts'
import type { Operation } from './operation.ts'
import type { Inspection, OutcomeStatus, SecretSpan } from './outcome.ts'
import type { Correlation, CallKind, Door } from './tool-call.ts'

export const RECORD_VERSION = 1

/** Everything that can become a record. */
export const RECORD_KINDS = [
  'decision',
  'outcome',
  'list',
  'approval.requested',
  'approval.viewed',
  'approval.voted',
  'approval.escalated',
  'approval.granted',
  'approval.refused',
  'approval.expired',
  'approval.cancelled',
  'notice.failed',
  'grant.created',
  'grant.revoked',
  'task.created',
  'task.revoked',
  'task.completed',
  'task.renewed',
  'task.token',
  'task.flagged',
  'cover.set',
  'cover.ended',
  'halt.placed',
  'halt.lifted',
  'glass.requested',
  'glass.ended',
  'glass.reviewed',
  'policy.loaded',
  'policy.refused',
  'policy.held',
  'policy.accepted',
  'observe.changed',
  'observe.held',
  'config.loaded',
  'config.refused',
  'server.changed',
  'server.held',
  'directory.changed',
  'tool.seen',
  'tool.changed',
  'tool.reviewed',
  'secret.set',
  'secret.rotated',
  'secret.removed',
  'secret.resealed',
  'credential.connected',
  'credential.refreshed',
  'credential.disconnected',
  'key.rotated',
  'access.refused',
  'gateway.started',
  'gateway.stopped',
  'approver.added',
  'login.succeeded',
  'login.failed',
  'login.ended',
  'login.invited',
  'login.uninvited',
  'passkey.added',
  'passkey.renamed',
  'passkey.removed',
  'person.linked',
  'person.synced',
  'person.ended',
  'person.unlinked',
  'review.reported',
  'review.marked',
  'review.signed',
  'review.overdue',
  'ledger.heartbeat',
  'ledger.key',
  'audit.read',
  'audit.exported',
  'view.saved',
  'view.removed',
  'backup.made',
  'backup.restored',
  'erasure.ordered',
  'ledger.erased',
  'hold.placed',
  'hold.lifted',
  'agent.seen',
  'agent.irregular',
] as const
export type RecordKind = (typeof RECORD_KINDS)[number]

/** Who acted, as every record about a task names it. */
export interface RecordIdentity {
  readonly agent: { readonly id: string; readonly kind: string }
  /** Task ids from the root to the acting task. */
  readonly chain: readonly string[]
  readonly environment: { readonly claimed: Environment; readonly proved: boolean }
  readonly human: string
  readonly task: string
  readonly workflow: string
}

/**
 * What a record says of itself for ever: ids, words of closed vocabularies, numbers. Whatever could name a
 * person or hold a secret (intent, paths, arguments, reasons, comments) is in `detail` or `payload`, which
 * lie beside the record and can be erased; here stands only SHA-256(salt ‖ canonical bytes) of each.
 */
export interface RecordEnvelope {
  readonly v: typeof RECORD_VERSION
  readonly kind: RecordKind
  /** Id of the thing recorded: decision, approval, task; unique per (kind, id) where the kind happens once. */
  readonly id: string
  readonly tenant: string
  /** RFC 3339 with milliseconds, UTC. */
  readonly at: string
  readonly identity?: RecordIdentity
  readonly correlation?: Correlation
  readonly protection: Protection
  /** Human, agent or component that caused an administrative record. */
  readonly actor?: string
  readonly call?: {
    readonly door: Door
    readonly kind: CallKind
    readonly server: string
    /** The tool's or prompt's name; of a resource only the method, since its URI may name a path. */
    readonly tool: string
    readonly definition?: string
  }
  readonly operations?: readonly {
    readonly action: Action
    readonly labels: readonly Label[]
    readonly opaque: boolean
    readonly type: string
  }[]
  readonly decision?: {
    readonly effect: Effect
    readonly policies: readonly string[]
    readonly errors: readonly string[]
    readonly gates: readonly {
      readonly scope: string
      readonly by?: string
      /** Who may agree as well after a time. */
      readonly escalateTo?: string
      readonly quorum: number
    }[]
    /** Hash of the policy set that decided. */
    readonly policyHash: string
    /** What rules that are only observed would have done; absent = every rule was enforced. */
    readonly observed?: { readonly effect: Effect; readonly policies: readonly string[] }
    /** From identified to decided, in microseconds. */
    readonly micros: number
  }
  readonly approval?: {
    readonly id: string
    readonly state: string
    readonly approvers: readonly string[]
    /** Those of them who agreed for somebody else, and for whom. */
    readonly deputies?: readonly { readonly human: string; readonly for: string }[]
    /** Of the policies that asked; those that let the call run stand in `decision`. */
    readonly policyHash?: string
  }
  /** Consent that lasts, under which the call ran: one record for each use. */
  readonly grant?: { readonly id: string; readonly approvers: readonly string[] }
  /** The call ran without being asked about, since two humans had broken the glass for its task. */
  readonly glass?: { readonly id: string; readonly approvers: readonly string[] }
  readonly outcome?: {
    readonly status: OutcomeStatus
    readonly micros: number
    readonly bytes: number
    readonly reported?: true
  }
  /** Counts and words of other kinds (`policy.loaded`: hash and count; `list`: shown and hidden). */
  readonly data?: JsonObject
}

/** Erasable part that explains: what a deterministic re-decision and a reader need. */
export interface RecordDetail {
  readonly intent?: string
  readonly operations?: readonly Operation[]
  readonly reasons?: Decision['reasons']
  readonly errors?: Decision['errors']
  readonly facts?: Facts
  /** Secrets that stood in the arguments, which are kept without them. */
  readonly secrets?: readonly SecretSpan[]
  /** What was found in the result, which is kept without its secrets. */
  readonly inspection?: Inspection
  readonly human?: { readonly teams: readonly string[]; readonly roles: readonly string[] }
  /** Rules that were only observed, where that made the decision milder. */
  readonly observed?: ObservedRules
  readonly subject?: string
  readonly prompt?: string
  readonly comment?: string
  readonly data?: Json
}

/** Erasable part that holds what was sent or answered. */
export interface RecordPayload {
  readonly arguments?: JsonObject
  readonly result?: JsonObject
  readonly error?: string
}

/** A record before it has a place in the ledger. */
export interface NewRecord {
  readonly envelope: RecordEnvelope
  readonly detail?: RecordDetail
  readonly payload?: RecordPayload
}
