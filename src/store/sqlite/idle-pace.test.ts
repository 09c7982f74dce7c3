import { expect, test } from 'vitest'
import { idlePace } from './idle-pace.ts'

test('R-AUD-3: an index that is behind a log that rests catches up without a pause', () => {
  expect(idlePace(1_000_000, true)).toEqual({ records: 256, again: 0 })
  expect(idlePace(257, true).again).toBe(0)
})

test('R-AUD-3: it leaves calls their turn while they write, and more of it the further it is behind', () => {
  expect(idlePace(300, false)).toEqual({ records: 0, again: 250 })
  expect(idlePace(20_001, false)).toEqual({ records: 1024, again: 250 })
})

test('R-AUD-3: an index that is up to date asks for no more looks', () => {
  expect(idlePace(0, true).again).toBeUndefined()
  expect(idlePace(0, false).again).toBeUndefined()
})
