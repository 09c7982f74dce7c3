/** A SPIFFE ID (SPIFFE-ID.md §2): who, in which trust domain. */
export interface SpiffeId {
  readonly trustDomain: string
  /** With the slash at its start. */
  readonly path: string
}

const LONGEST = 2_048
const LONGEST_DOMAIN = 255

/**
 * @returns undefined for what is none: other schemes, ports, users, queries, fragments, percent-encoding, upper-case
 * trust domains, empty or dotted segments, and the ID of a trust domain itself, which no workload has.
 */
export function parseSpiffeId(text: string): SpiffeId | undefined {
  if (text.length > LONGEST) return undefined
  const [, trustDomain = '', path = ''] =
    /^spiffe:\/\/([a-z0-9._-]+)((?:\/[A-Za-z0-9._-]+)+)$/.exec(text) ?? []
  if (trustDomain === '' || trustDomain.length > LONGEST_DOMAIN) return undefined
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) return undefined
  return { trustDomain, path }
}
