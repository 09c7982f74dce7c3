import type { PolicyChanges } from '../policy/changed-policies.ts'
import type { PolicyComparison } from '../policy/compare-bundles.ts'
import type { PossibleLoosening } from '../policy/may-loosen.ts'
import type { Actor } from './administration.ts'
import type { PendingServers } from './server-list.ts'

/** What a reload, or an agreement to what waited, came to. */
export interface PolicyReload {
  /** `held`: the files may loosen what is in force, so they wait for a second person. */
  readonly status: 'unchanged' | 'changed' | 'held'
  /** Hash and number of the policies in force. */
  readonly hash: string
  readonly policies: number
  readonly changes?: PolicyChanges
  /** What of the change may loosen; empty = it only tightens. */
  readonly loosens?: readonly PossibleLoosening[]
  /** Hashes of what waits for a second person. */
  readonly waiting: readonly string[]
}

/** Changes that wait for a second person, with all that they need to judge them. */
export interface PendingChanges {
  readonly policies?: {
    readonly hash: string
    readonly inForce: string
    readonly loosens: readonly PossibleLoosening[]
    /** Found by deciding made-up requests with both: it shows what it met, `loosens` is the whole. */
    readonly comparison: PolicyComparison
    /** Cedar text of the policies that the change adds, takes away or alters. */
    readonly text: { readonly before: string; readonly after: string }
  }
  readonly servers?: PendingServers
  readonly observe?: {
    readonly hash: string
    readonly inForce: readonly ObservedRule[]
    readonly held: readonly ObservedRule[]
  }
}

/** One policy, or everything of a workflow or tenant, that is only observed until a time in RFC 3339. */
export interface ObservedRule {
  readonly policy?: string
  readonly workflow?: string
  readonly tenant?: string
  readonly until: string
}

/** A policy in force, as people read it. */
export interface PolicyLine {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  /** What its author says of it. */
  readonly reason?: string
  readonly severity?: string
  /** Where it was read, or that it is part of Remit. */
  readonly source: string
  readonly gate?: {
    readonly scope: string
    /** In words: with who may agree as well after a time. */
    readonly by?: string
    readonly quorum: number
    readonly severity: string
    readonly reason: string
  }
}

/** Reading the policies in force. */
export interface PolicyView {
  list(): { readonly hash: string; readonly policies: readonly PolicyLine[] }
  /** Cedar text of one policy. @throws RemitError `not_found`. */
  text(id: string): Promise<string>
}

/** Changing policies of a running gateway, for people. */
export interface PolicyControl {
  /**
   * Reads policies and the observe setting again, at once.
   * @throws RemitError `policy_invalid` with every problem, `config_invalid`; the policies in force stay, and a
   *   setting that cannot be read observes nothing.
   */
  reload(actor: Actor): Promise<PolicyReload>
  pending(): Promise<PendingChanges>
  /**
   * Puts in force what waits under this hash.
   * @throws RemitError `role_missing`, `approver_refused`, `policy_not_waiting`.
   */
  accept(actor: Actor, hash: string): Promise<PolicyReload>
}
