import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { array, assert, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { randomCase, Tape } from '../../test/policy/random-cedar.ts'
import type { Json } from '../core/json.ts'
import { printExpression } from './print-expression.ts'

function parse(text: string): Json {
  const answer = policyToJson(`permit (principal, action, resource) when { ${text} };`)
  if (answer.type === 'failure') throw new Error(`${answer.errors[0]?.message}: ${text}`)
  return (answer.json.conditions as unknown as readonly { readonly body: Json }[])[0]!.body
}

/** The parser takes `-1` for a number where the generator negates one. */
function withSigns(tree: Json): Json {
  if (typeof tree !== 'object' || tree === null) return tree
  if (Array.isArray(tree)) return (tree as readonly Json[]).map(withSigns)
  const { neg } = tree as { readonly neg?: { readonly arg: { readonly Value?: number } } }
  const negated = neg?.arg.Value
  if (typeof negated === 'number' && negated >= 0) return { Value: negated === 0 ? 0 : -negated }
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, withSigns(value)]))
}

test('R-POL-7: a printed expression is read back as itself by the official parser', () => {
  let printed = 0
  assert(
    property(array(nat({ max: 65_535 }), { minLength: 300, maxLength: 300, size: 'max' }), (numbers) => {
      for (const policy of Object.values(randomCase(new Tape(numbers), 0).policies)) {
        for (const { body } of policy['conditions'] as unknown as readonly { readonly body: Json }[]) {
          printed++
          expect(parse(printExpression(body))).toEqual(withSigns(body))
        }
      }
    }),
    { numRuns: 120 },
  )
  // Over four in each of the 120: 520 ± 15.
  expect(printed).toBeGreaterThan(200)
})
