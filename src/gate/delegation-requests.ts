import type { HumanId } from '../core/ids.ts'
import type { Actor, TaskRequest } from './administration.ts'

/** A terminal that shows a code (RFC 8628), and whoever holds it: no browser began its request. */
export interface AskingDevice {
  /** As the terminal shows it. */
  readonly userCode: string
  /** The network address from which it asked. */
  readonly address: string
  /** What it calls its program: a claim. Absent = it said nothing. */
  readonly program?: string
  /** Who typed the code: nobody else may answer, so that a link to the page is worth nothing. */
  readonly enteredBy: HumanId
}

/** What an agent's software asks for, and all that is known of it: its own words. */
export interface DelegationRequest {
  readonly id: string
  /** What it calls itself: a claim. Absent = it said nothing. */
  readonly name?: string
  readonly clientId: string
  /** The host whose published document describes it; absent = it registered itself, and anybody could have. */
  readonly documentHost?: string
  /** Where the answer goes; absent = to the device, which asks for it. */
  readonly redirectHost?: string
  /** Every place is this machine: any program on it could be the one that asks. */
  readonly onlyThisMachine: boolean
  readonly device?: AskingDevice
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

/** Codes that terminals show and people type (RFC 8628). */
export interface DeviceCodes {
  /** @returns the id of the request, for this human alone; undefined = no such code, too old, or answered already. */
  enter(userCode: string, human: HumanId): Promise<string | undefined>
}
