import { RemitError } from '../../core/errors.ts'
import { claimText, claimTexts } from '../../identity/claim-rules.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { ProvedIdentity } from './prove-identity.ts'

/** What somebody may be here by what their provider says of them now. */
export interface Admission {
  readonly teams: readonly string[]
  readonly roles: readonly string[]
}

/** As the configuration writes names of people. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/
/** Records name the gateway itself so. */
const RESERVED: ReadonlySet<string> = new Set(['config-file', 'gateway', 'oauth', 'remit', 'start'])

/** Whether they may come in, and as what. @throws RemitError `login_refused`. */
export function admit({ provider, claims }: ProvedIdentity): Admission {
  const { groups, domains, label, teams, roles, defaultRoles } = provider
  const theirs = new Set(claimTexts(claims, provider.groupsClaim))
  if (groups !== undefined && !groups.some((group) => theirs.has(group))) {
    throw refused(`\`${label}\` knows you, but you are in none of the groups that may come in here`)
  }
  if (domains !== undefined) {
    const email = verifiedEmail(provider, claims)
    if (!domains.includes(email.slice(email.lastIndexOf('@') + 1))) {
      throw refused(`\`${label}\` knows you, but your e-mail address is of no domain that may come in here`)
    }
  }
  return { teams: mapped(teams, theirs), roles: [...new Set([...defaultRoles, ...mapped(roles, theirs)])] }
}

/** As whom they would come in for the first time. @throws RemitError `login_refused`. */
export function nameOf({ provider, claims }: ProvedIdentity): string {
  const { idClaim, label } = provider
  const name = idClaim === 'email' ? verifiedEmail(provider, claims) : claimText(claims, idClaim)
  if (name !== undefined && NAME.test(name) && !RESERVED.has(name)) return name
  throw refused(`what \`${label}\` says of you in \`${idClaim}\` cannot be a name here`)
}

function verifiedEmail({ label }: IdentityProvider, claims: ProvedIdentity['claims']): string {
  const { email, email_verified: verified } = claims
  if (typeof email !== 'string') throw refused(`\`${label}\` says no e-mail address of you`)
  if (verified !== true) {
    throw refused(
      `\`${label}\` has not verified your e-mail address; have it verified there and log in again`,
    )
  }
  return email.toLowerCase()
}

function mapped(map: IdentityProvider['teams'], groups: ReadonlySet<string>): readonly string[] {
  return [...new Set([...map].flatMap(([group, names]) => (groups.has(group) ? names : [])))]
}

function refused(why: string): RemitError {
  return new RemitError('login_refused', `${why}; ask whoever runs this gateway`)
}
