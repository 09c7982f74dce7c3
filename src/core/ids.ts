declare const brand: unique symbol

/** A string that only the code which proved its meaning may produce. */
export type Brand<Name extends string> = string & { readonly [brand]: Name }

export type TenantId = Brand<'TenantId'>
export type HumanId = Brand<'HumanId'>
export type TaskId = Brand<'TaskId'>
export type DecisionId = Brand<'DecisionId'>
export type ApprovalId = Brand<'ApprovalId'>
export type GrantId = Brand<'GrantId'>
/** Key of an upstream server in the configuration: `[a-z0-9][a-z0-9-]{0,31}`, so `key__tool` splits at the first `__`. */
export type ServerKey = Brand<'ServerKey'>
/** Lower-case hex SHA-256. */
export type Digest = Brand<'Digest'>

/** The tenant of an installation that has configured none. */
export const DEFAULT_TENANT = 'default' as TenantId

const SERVER_KEY = /^[a-z0-9][a-z0-9-]{0,31}$/

export function isServerKey(text: string): text is ServerKey {
  return SERVER_KEY.test(text)
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** An unguessable id: `prefix_` and 26 Crockford base-32 digits of the 16 random bytes given. */
export function newId(prefix: string, random: Uint8Array): string {
  let bits = 0
  let buffer = 0
  let text = ''
  for (const byte of random) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(buffer >>> bits) & 31]
    }
    buffer &= (1 << bits) - 1
  }
  if (bits > 0) text += ALPHABET[(buffer << (5 - bits)) & 31]
  return `${prefix}_${text}`
}
