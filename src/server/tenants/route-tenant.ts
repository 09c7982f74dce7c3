/** A request for a tenant that is reached by its path. */
export interface TenantTarget {
  readonly tenant: string
  /** The target as the tenant's own plane knows it, with its query. */
  readonly target: string
}

const BELOW = /^\/t\/([a-z0-9-]{1,32})(\/.*)$/s
/** RFC 8414 §3.1, RFC 9728 §3.1 and AuthZEN §9.2 put the well-known part before the path of what it describes. */
const WELL_KNOWN =
  /^(\/\.well-known\/(?:oauth-authorization-server|openid-configuration|oauth-protected-resource|authzen-configuration))\/t\/([a-z0-9-]{1,32})((?:[/?].*)?)$/s

/** @param url target of a request, as it was sent. Undefined = it is for no tenant's path. */
export function routeTenant(url: string): TenantTarget | undefined {
  const below = BELOW.exec(url)
  if (below !== null) return { tenant: below[1] ?? '', target: below[2] ?? '' }
  const known = WELL_KNOWN.exec(url)
  return known === null ? undefined : { tenant: known[2] ?? '', target: `${known[1]}${known[3]}` }
}

/** Path below which a tenant without a host of its own is reached. */
export function tenantPath(tenant: string): string {
  return `/t/${tenant}`
}
