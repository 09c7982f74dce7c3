/** Records that stand in one block: a term has one row for each block in which a record has it. */
export const BLOCK = 4_096

const WORDS = BLOCK / 32
const BITMAP_BYTES = BLOCK / 8

/** A set of places in a block, 32 to a word. */
export type Bits = Uint32Array

export function noBits(): Bits {
  return new Uint32Array(WORDS)
}

/** Places from `from` until before `until`. */
export function bitsBetween(from: number, until: number): Bits {
  const bits = noBits()
  for (let at = Math.max(0, from); at < Math.min(BLOCK, until);) {
    if (at % 32 === 0 && at + 32 <= until) {
      bits[at >>> 5] = 0xffff_ffff
      at += 32
    } else {
      setBit(bits, at)
      at += 1
    }
  }
  return bits
}

export function setBit(bits: Bits, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31))
}

/** What stays of the first. */
export function keepCommon(bits: Bits, other: Bits): void {
  for (let word = 0; word < WORDS; word++) bits[word] = (bits[word] ?? 0) & (other[word] ?? 0)
}

export function addAll(bits: Bits, other: Bits): void {
  for (let word = 0; word < WORDS; word++) bits[word] = (bits[word] ?? 0) | (other[word] ?? 0)
}

export function removeAll(bits: Bits, other: Bits): void {
  for (let word = 0; word < WORDS; word++) bits[word] = (bits[word] ?? 0) & ~(other[word] ?? 0)
}

export function isEmpty(bits: Bits): boolean {
  return bits.every((word) => word === 0)
}

/** Smallest first. */
export function placesOf(bits: Bits): number[] {
  const places: number[] = []
  for (let word = 0; word < WORDS; word++) {
    for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
      places.push(word * 32 + 31 - Math.clz32(rest & -rest))
    }
  }
  return places
}

/** As it is stored: 2 bytes a place while that is less than the whole map, then 512 bytes; little-endian. */
export function packBits(bits: Bits): Uint8Array {
  const places = placesOf(bits)
  const packed = new Uint8Array(Math.min(places.length * 2, BITMAP_BYTES))
  const view = new DataView(packed.buffer)
  if (packed.length < BITMAP_BYTES)
    for (const [at, place] of places.entries()) view.setUint16(at * 2, place, true)
  else for (const [at, word] of bits.entries()) view.setUint32(at * 4, word, true)
  return packed
}

export function unpackBits(packed: Uint8Array): Bits {
  const bits = noBits()
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  if (packed.length === BITMAP_BYTES)
    for (let word = 0; word < WORDS; word++) bits[word] = view.getUint32(word * 4, true)
  else for (let at = 0; at + 1 < packed.length; at += 2) setBit(bits, view.getUint16(at, true))
  return bits
}
