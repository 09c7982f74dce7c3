import type { Journal } from '../audit/journal.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import type { Protection } from '../core/facts.ts'
import type { HumanId, TenantId } from '../core/ids.ts'
import type { HumanDirectory } from '../identity/human-directory.ts'
import type { TaskStore } from '../identity/task-store.ts'
import type { LoginStore } from './login-store.ts'
import type { IdentityProvider } from './oidc/identity-provider.ts'
import type { ProvisionedPeople } from './oidc/provisioned-people.ts'

/** How long a login lasts, in milliseconds. */
export interface LoginLimits {
  /** Without a request. */
  readonly idle: number
  /** Whatever is done. */
  readonly absolute: number
  /** After proving who one is, during which credentials can be changed. */
  readonly fresh: number
}

/** Seals what is kept for a short while, so that only a gateway of this tenant reads it. */
export interface Sealing {
  seal(name: string, value: string): string
  /** @throws RemitError `key_unusable`. */
  unseal(name: string, text: string): string
}

/** Tokens with which the gateway acts for people at servers. */
export interface ServerConnections {
  /**
   * Forgets all of one person, on record, whatever anybody else says.
   * @returns the servers, and when those who gave the tokens were told, as far as they could be; that never rejects.
   */
  disconnectAll(
    human: HumanId,
    by: HumanId,
  ): Promise<{ readonly servers: readonly string[]; readonly told: Promise<unknown> }>
}

/** Everything that logging in is given. */
export interface LoginDeps {
  readonly tenant: TenantId
  readonly protection: Protection
  readonly store: LoginStore
  readonly journal: Journal
  /** Everybody who is known, of the configuration or because a provider vouches for them. */
  readonly humans: HumanDirectory
  readonly configured: Pick<HumanDirectory, 'find'>
  readonly people: ProvisionedPeople
  readonly tasks: Pick<TaskStore, 'list'>
  readonly connections: ServerConnections
  /** By name. */
  readonly identityProviders: ReadonlyMap<string, IdentityProvider>
  readonly sealing: Sealing
  /** Whether somebody has an approver code that they could type. */
  readonly hasCode: (human: HumanId) => boolean
  readonly clock: Clock
  readonly entropy: Entropy
  /** 32 bytes that every replica has: seals challenges. */
  readonly key: Uint8Array
  /** Base URL of the admin plane: its host is the relying party of passkeys, its origin the only one. */
  readonly adminUrl: string
  readonly limits: LoginLimits
  /** `passkey` = an approver code opens a session only to enrol the first passkey. */
  readonly require: 'any' | 'passkey'
  /** True = what loosens takes two people. */
  readonly secondPerson: boolean
}
