import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandDesk } from '../support/decide-command.ts'
import { disguised, simpleAttacks } from '../support/shell-disguises.ts'

let desk: CommandDesk
beforeAll(async () => {
  desk = await CommandDesk.open()
})
afterAll(() => desk.close())

test('R-CLS-4: no quoting, spacing, wrapper or place turns a command that asks into one that does not', () => {
  const attacks = simpleAttacks()
  expect(attacks.length).toBeGreaterThan(500)
  fc.assert(
    fc.property(disguised(attacks), ({ line }) => desk.decide(line, 'laptop').effect !== 'allow'),
    // The same ones each time; `npm run test:full` draws hundreds of thousands of others.
    { numRuns: 4_000, seed: 20_261_127 },
  )
})
