import type { GuardedFetchOptions } from '../../net/guarded-fetch.ts'

/** An OpenID provider that may log people in, as configuration describes it. */
export interface IdentityProvider {
  /** Segment of its redirect URI. */
  readonly name: string
  /** How people are told of it. */
  readonly label: string
  readonly issuer: string
  readonly clientId: string
  /** Undefined = a public client. @throws RemitError where one is configured that cannot be had. */
  readonly clientSecret: () => string | undefined
  readonly scopes: readonly string[]
  /** `email`, or a claim that people cannot choose. */
  readonly idClaim: string
  readonly groupsClaim: string
  /** Of which one must be among theirs; absent = any. */
  readonly groups?: readonly string[]
  /** Of which their verified e-mail address must be; absent = any. */
  readonly domains?: readonly string[]
  /** By group. */
  readonly teams: ReadonlyMap<string, readonly string[]>
  readonly roles: ReadonlyMap<string, readonly string[]>
  readonly defaultRoles: readonly string[]
  /** Milliseconds for which what it says counts. */
  readonly lasts: number
  /** Seconds since they proved there who they are; absent = as it likes. */
  readonly maxAge?: number
  /** Whether it may log people of the configuration in. */
  readonly adopt: boolean
  readonly guard: GuardedFetchOptions
}
