/** Times of a block's records, 8 bytes each (milliseconds since the epoch, little-endian), in their order. */
export function packTimes(before: Uint8Array | undefined, more: readonly number[]): Uint8Array {
  const start = before?.length ?? 0
  const packed = new Uint8Array(start + more.length * 8)
  if (before !== undefined) packed.set(before)
  const view = new DataView(packed.buffer)
  for (const [at, time] of more.entries()) view.setFloat64(start + at * 8, time, true)
  return packed
}

export function timeAt(packed: Uint8Array, place: number): number {
  return new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getFloat64(place * 8, true)
}
