import { RemitError } from '../core/errors.ts'
import type { IdentityProvider } from '../login/oidc/identity-provider.ts'
import { isLoopbackHost } from '../net/ip-ranges.ts'
import type { IdentityProviderConfig } from './config-oidc-schema.ts'
import type { Foundation } from './open-foundation.ts'
import { referenceOf, resolveText } from './secrets.ts'

type Sources = Pick<Foundation, 'loaded' | 'secretPlaces' | 'ownPorts' | 'scrubber' | 'log'>

/** The providers with which people log in, by name. One whose secret is missing stays among them, and says so. */
export function openIdentityProviders(sources: Sources): ReadonlyMap<string, IdentityProvider> {
  const { oidc } = sources.loaded.config.login
  return new Map(
    Object.entries(oidc).map(([name, config]) => [name, identityProvider(sources, name, config)]),
  )
}

function identityProvider(sources: Sources, name: string, config: IdentityProviderConfig): IdentityProvider {
  const { label = name, groups, domains, teams, roles, maxAge, allowPrivate } = config
  const { issuer, clientId, scopes, idClaim, groupsClaim, defaultRoles, lasts, adopt } = config
  const { protocol, hostname } = new URL(issuer)
  const secret = (): string | undefined => clientSecret(sources, { name, label, config })
  tryAtStart(secret)
  return {
    name,
    label,
    issuer,
    clientId,
    clientSecret: secret,
    scopes,
    idClaim,
    groupsClaim,
    defaultRoles,
    lasts,
    adopt,
    teams: new Map(Object.entries(teams)),
    roles: new Map(Object.entries(roles)),
    ...(groups === undefined ? {} : { groups }),
    ...(domains === undefined ? {} : { domains }),
    ...(maxAge === undefined ? {} : { maxAge: Math.floor(maxAge / 1000) }),
    guard: {
      named: [hostname],
      allowPrivate,
      plainLoopback: protocol === 'http:' && isLoopbackHost(hostname),
      ownPorts: sources.ownPorts,
    },
  }
}

/** Looked up each time: a secret that is rotated counts at once. */
function clientSecret(
  { secretPlaces, scrubber, log }: Sources,
  of: { readonly name: string; readonly label: string; readonly config: IdentityProviderConfig },
): string | undefined {
  const { clientSecret: reference } = of.config
  if (reference === undefined) return undefined
  try {
    const secret = resolveText(reference, secretPlaces)
    scrubber.add(secret, referenceOf(reference) ?? of.name)
    return secret
  } catch (error) {
    log.log('error', 'login.provider_unusable', { provider: of.name, reason: String(error) })
    throw new RemitError(
      'upstream_unavailable',
      'this gateway lacks its client secret; the log of the gateway says what to do',
      { cause: error },
    )
  }
}

/** What is missing is in the log from the start, and not only once somebody wants to log in. */
function tryAtStart(secret: () => string | undefined): void {
  try {
    secret()
  } catch {
    // It has been told.
  }
}
