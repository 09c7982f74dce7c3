import { isIP } from 'node:net'
import { RemitError } from '../core/errors.ts'

export interface RelyingParty {
  /** Host that passkeys are bound to, without a port: browsers separate no further. */
  readonly id: string
  /** The only origin, with its port, whose pages may ask for them. */
  readonly origin: string
}

/** Browsers bind passkeys to names, never to addresses. */
export function hasRelyingParty(adminUrl: string): boolean {
  return isIP(new URL(adminUrl).hostname.replaceAll(/[[\]]/g, '')) === 0
}

/** @throws RemitError `passkey_refused` where browsers know no passkeys: an address instead of a name. */
export function relyingParty(adminUrl: string): RelyingParty {
  const { hostname, origin } = new URL(adminUrl)
  if (hasRelyingParty(adminUrl)) return { id: hostname, origin }
  throw new RemitError(
    'passkey_refused',
    `browsers have no passkeys for the address \`${hostname}\`; set \`adminUrl\` to one with a host name`,
  )
}
