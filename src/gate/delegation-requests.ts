import type { Actor, TaskRequest } from './administration.ts'

/** What an agent's software asks for, and all that is known of it: its own words. */
export interface DelegationRequest {
  readonly id: string
  /** What it calls itself: a claim. Absent = it said nothing. */
  readonly name?: string
  readonly clientId: string
  /** The host whose published document describes it; absent = it registered itself, and anybody could have. */
  readonly documentHost?: string
  /** Where the answer goes. */
  readonly redirectHost: string
  /** Every place is this machine: any program on it could be the one that asks. */
  readonly onlyThisMachine: boolean
  /** How the agent is named in the task. */
  readonly agent: { readonly id: string; readonly kind: string }
}

/** A human's answer to a request of the authorization server. */
export interface DelegationRequests {
  /** Undefined = there is no such request any more. */
  find(id: string): Promise<DelegationRequest | undefined>
  /**
   * Makes the task and lets the agent have tokens for it.
   * @returns where the human's browser goes now; the address is good once, in the browser in which the request began.
   * @throws RemitError `input_invalid`, `scope_wider`, `delegation_closed` and what creating a task throws.
   */
  approve(id: string, actor: Actor, request: Omit<TaskRequest, 'agent'>): Promise<string>
  /** @throws RemitError `delegation_closed`. */
  refuse(id: string): Promise<string>
}
