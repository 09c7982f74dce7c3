/** One key that signs tokens, or did, or will. */
export interface RingKey {
  readonly kid: string
  /** Private, Ed25519, PEM. */
  readonly pem: string
  /** Milliseconds since the epoch: it signs from then on, and is published before. */
  readonly from: number
  /** From then on nothing that it signed is good; absent = nobody has taken its place. */
  readonly until?: number
}

/** Keys in the order in which they sign. */
export type KeyRing = readonly [RingKey, ...RingKey[]]

export interface Rotation {
  readonly now: number
  /** Milliseconds between publishing a key and signing with it. */
  readonly overlap: number
  /** Milliseconds that a token may live: for so long after its last one, a key is kept. */
  readonly longest: number
  /** The keys so far may be in other hands: nothing that they signed is good any more. */
  readonly compromised: boolean
}

/** The key that signs at a time. */
export function signingKeyOf(ring: KeyRing, now: number): RingKey {
  return ring.findLast(({ from }) => from <= now) ?? ring[0]
}

/** Those whose tokens may be good, and those that will sign: what is published. */
export function livingKeys(ring: KeyRing, now: number): readonly RingKey[] {
  return ring.filter(({ until }) => until === undefined || until > now)
}

/** The ring with one more key, which takes the place of all others, and without those that are over. */
export function rotateRing(
  ring: KeyRing,
  fresh: Pick<RingKey, 'kid' | 'pem'>,
  { now, overlap, longest, compromised }: Rotation,
): KeyRing {
  if (compromised) return [{ ...fresh, from: now }]
  const from = now + overlap
  const kept = livingKeys(ring, now).map((key) => ({ ...key, until: key.until ?? from + longest }))
  const next = { ...fresh, from }
  const [first, ...rest] = kept
  return first === undefined ? [next] : [first, ...rest, next]
}
