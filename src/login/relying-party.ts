import { isIP } from 'node:net'
import { RemitError } from '../core/errors.ts'

export interface RelyingParty {
  /** Host that passkeys are bound to, without a port: browsers separate no further. */
  readonly id: string
  /** The only origin, with its port, whose pages may ask for them. */
  readonly origin: string
}

/** @throws RemitError `passkey_refused` where browsers know no passkeys: an address instead of a name. */
export function relyingParty(adminUrl: string): RelyingParty {
  const { hostname, origin } = new URL(adminUrl)
  if (isIP(hostname.replaceAll(/[[\]]/g, '')) === 0) return { id: hostname, origin }
  throw new RemitError(
    'passkey_refused',
    `browsers have no passkeys for the address \`${hostname}\`; set \`adminUrl\` to one with a host name`,
  )
}
