import { describe, expect, it } from 'vitest'

import { SYSTEM_ENTROPY } from './system-clock.ts'

describe('the randomness of the machine', () => {
  it('R-SEC-1: gives as many bytes as asked for, and none of them twice', () => {
    const seen = new Set<string>()
    let asked = 0
    for (let round = 0; round < 3000; round++) {
      const size = [16, 32, 12, 4096, 5000][round % 5] ?? 0
      const bytes = SYSTEM_ENTROPY.bytes(size)
      expect(bytes).toHaveLength(size)
      // Windows of 12 bytes: any stretch given again would repeat one.
      for (let at = 0; at + 12 <= Math.min(size, 64); at++) {
        seen.add(Buffer.from(bytes.subarray(at, at + 12)).toString('hex'))
        asked += 1
      }
    }
    expect(seen.size).toBe(asked)
  })

  it('R-SEC-1: what was given stays as it was and belongs to nobody else', () => {
    const first = SYSTEM_ENTROPY.bytes(16)
    const copy = Uint8Array.from(first)
    first.fill(7)
    const others = Array.from({ length: 600 }, () => SYSTEM_ENTROPY.bytes(16))
    expect(first).toEqual(new Uint8Array(16).fill(7))
    expect(others).not.toContainEqual(copy)
    expect(others.some((bytes) => bytes.every((byte) => byte === 0 || byte === 7))).toBe(false)
  })
})
