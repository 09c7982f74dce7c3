import type { AuthorizationServer, Client } from 'oauth4webapi'
import type { HumanId } from '../../core/ids.ts'

/** What the gateway holds to act for one human at one server; sealed as a whole. */
export interface TokenEntry {
  /** Of the server when it was connected: the tokens go nowhere else. */
  readonly url: string
  /** RFC 8707. */
  readonly resource: string
  readonly issuer: AuthorizationServer
  readonly client: Client
  readonly clientSecret?: string
  readonly access: string
  readonly refresh?: string
  /** Milliseconds since the epoch; absent = its server did not say. */
  readonly expires?: number
  readonly scope?: string
  /** Some gateway asks for a new token now; if none has come by then (milliseconds since the epoch), another may. */
  readonly claimed?: number
}

const OWN = /^oauth:([^:]+):(.+)$/

/** Its name in the encrypted store; none that a configuration could write. */
export function entryName(server: string, human: HumanId): string {
  return `oauth:${server}:${human}`
}

/** Of a name as above. */
export function partsOf(name: string): { readonly server: string; readonly human: HumanId } | undefined {
  const [, server, human] = OWN.exec(name) ?? []
  return server === undefined || human === undefined ? undefined : { server, human: human as HumanId }
}

/** True = no secret that people set: the gateway made the entry for itself. */
export function isOwnEntry(name: string): boolean {
  return name.includes(':')
}

export function writeEntry(entry: TokenEntry): string {
  return JSON.stringify(entry)
}

export function readEntry(text: string): TokenEntry {
  return JSON.parse(text) as TokenEntry
}

/** What must not be seen of an entry of the store, each with the name that may stand in its place. */
export function valuesIn(name: string, value: string): readonly (readonly [value: string, name: string])[] {
  const parts = partsOf(name)
  if (parts === undefined) return [[value, name]]
  const { access, refresh, clientSecret } = readEntry(value)
  return [access, refresh, clientSecret].flatMap((each) =>
    each === undefined ? [] : [[each, `token-of-${parts.server}`] as const],
  )
}
