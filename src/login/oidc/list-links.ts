import { listEntries } from '../entries.ts'
import type { LoginDeps } from '../login-deps.ts'
import { isIssuer } from './is-issuer.ts'
import type { IdentityBody } from './link-person.ts'

/** Somebody with whom an account of a provider is linked. */
export interface LinkedPerson {
  readonly human: string
  /** Its name, or its issuer where none of that is configured any more. */
  readonly provider: string
  /** Of the configuration, which alone says what they may. */
  readonly adopted: boolean
  readonly teams: readonly string[]
  readonly roles: readonly string[]
  /** Milliseconds since the epoch; absent = as long as they are in the configuration. */
  readonly until?: number
}

/** Everybody whom a provider ever logged in, also those who do not count now. */
export async function listLinks(deps: LoginDeps): Promise<readonly LinkedPerson[]> {
  const linked = (await deps.people.all()).map(({ human, provider, teams, roles, until }): LinkedPerson => {
    return { human, provider, adopted: false, teams, roles, until }
  })
  const providers = [...deps.identityProviders.values()]
  for (const { tenant, id, teams, roles } of deps.humans.list(deps.tenant)) {
    if (deps.configured.find(tenant, id) === undefined) continue
    for (const { body } of await listEntries<IdentityBody>(deps, 'identity', id)) {
      const name = providers.find(({ issuer }) => isIssuer(issuer, body.issuer))?.name ?? body.issuer
      linked.push({ human: id, provider: name, adopted: true, teams, roles })
    }
  }
  return linked
}
