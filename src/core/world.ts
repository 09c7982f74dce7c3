/** Text that people can be shown whole, in bytes; what is longer is read by nobody. */
export const MOST_SHOWN = 64 * 1024

/** What a part of the world is: where a name leads, what lies there, which commit, which program behind a name. */
export type SightKind = 'folder' | 'place' | 'content' | 'commit' | 'server'

/** One thing that an approval holds still, without saying what it was. */
export interface SealedSight {
  readonly kind: SightKind
  /** What people call it: a path, an argument, a ref. */
  readonly name: string
  /** SHA-256 over the salt and what was seen, hexadecimal. */
  readonly seal: string
}

/** What the arguments of a call stood for when its approver was asked. */
export interface SealedWorld {
  /** Of this request alone, hexadecimal: without it no seal can be guessed. */
  readonly salt: string
  readonly held: readonly SealedSight[]
  /** What could not be held still, in words. */
  readonly loose: readonly string[]
}
