import { array, assert, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { packCompiler } from '../../test/policy/compiled.ts'
import { randomPackRequest } from '../../test/policy/random-request.ts'
import { Tape } from '../../test/policy/random-cedar.ts'

const pack = packCompiler()()

test('R-POL-7: the explanation always agrees with the decision, and every change it names is true', () => {
  assert(
    property(array(nat({ max: 65_535 }), { minLength: 24, maxLength: 24 }), (numbers) => {
      const call = randomPackRequest(new Tape(numbers))
      const decision = pack.decide(call)
      const { operations, changes, decision: explained } = pack.explain(call)
      expect(explained).toEqual(decision)
      const rank = { allow: 0, consent: 1, deny: 2 }
      const strictest = Math.max(...operations.map(({ effect }) => rank[effect]))
      expect(strictest).toBe(rank[decision.effect])
      const deciding = operations
        .filter(({ effect }) => effect === decision.effect)
        .flatMap(({ policies }) => policies.map(({ id }) => id))
      expect([...new Set(deciding)].sort()).toEqual(decision.policies)
      const before = rank[decision.effect]
      const useless = changes.filter(({ effect }) =>
        before === 0 ? rank[effect] === 0 : rank[effect] >= before,
      )
      expect(useless).toEqual([])
    }),
    { numRuns: 150 },
  )
})
