import type { Action } from './actions.ts'
import type { Digest, ServerKey, TenantId } from './ids.ts'
import type { JsonObject } from './json.ts'

/** The name under which a server itself is on record: its program or URL, and its version. No tool can have it. */
export const SERVER_PIN = '@server'

/** What can be wrong with a definition before anybody calls it. */
export const FLAG_KINDS = [
  /** Characters that a reader does not see, or that pass for others. */
  'hidden-text',
  /** Words to the model rather than about the tool. */
  'instruction-like',
  /** A parameter that asks for a secret, or for what a secret file holds. */
  'secret-asking',
  /** Longer than a reviewer or a scan can take in. */
  'oversized',
  /** Passes for a tool of another server. */
  'look-alike-name',
  /** One slip away from the name of another server's tool. */
  'similar-name',
  /** A name that another server, Remit or an agent already answers to. */
  'shadowing-name',
] as const
export type FlagKind = (typeof FLAG_KINDS)[number]

export interface DefinitionFlag {
  readonly kind: FlagKind
  /** Where in the definition, as a JSON pointer without its leading slash: `inputSchema/properties/path`. */
  readonly where: string
  /** The words that gave rise to it, with what has no ink written as `\u{…}`. */
  readonly text: string
}

/** A definition as it was listed: what of it an agent acts on, whole. */
export interface SeenDefinition {
  readonly digest: Digest
  readonly definition: JsonObject
  readonly flags: readonly DefinitionFlag[]
  /** Milliseconds since the epoch, of the first time that this definition was listed. */
  readonly seen: number
}

export interface TrustedDefinition extends SeenDefinition {
  /** `first-use` and `updates` = as the server's `trust` says; `review` = a human said so. */
  readonly by: 'first-use' | 'updates' | 'review'
  readonly at: number
  readonly human?: string
  /** What the reviewer said that the tool does; outranks the catalogue and inference. */
  readonly actions?: readonly Action[]
}

export interface CandidateDefinition extends SeenDefinition {
  readonly refused?: { readonly at: number; readonly by: string; readonly reason: string }
}

/** What is on record of one tool: the definition that counts, and another that waits or was refused. */
export interface ToolPin {
  readonly tenant: TenantId
  readonly server: ServerKey
  readonly name: string
  readonly firstSeen: number
  readonly trusted?: TrustedDefinition
  readonly candidate?: CandidateDefinition
  /** Counts the changes of this pin, from 1: what a change is compared against. */
  readonly revision: number
}

export type PinStatus = 'trusted' | 'pending' | 'refused'

/** What a reviewer has to know first: whether there is anything to decide. */
export function pinStatus(pin: ToolPin): PinStatus {
  if (pin.candidate === undefined) return 'trusted'
  return pin.candidate.refused === undefined ? 'pending' : 'refused'
}
