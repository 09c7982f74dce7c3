import { expect, test } from 'vitest'
import { withFacts } from './facts-schema.ts'

const SCHEMA = 'entity A;\ntype ToolFacts = {};\nentity B;'

test('R-POL-6: each fact is an optional member of its type, in the order of their names', () => {
  const text = withFacts(SCHEMA, {
    h: 'string',
    g: 'integer',
    f: 'decimal',
    e: 'set',
    d: 'path',
    c: 'url',
    b: 'recipient',
    a: 'money',
  })
  expect(text).toBe(`entity A;
type ToolFacts = {
  "a"?: { amount: decimal, currency: String },
  "b"?: String,
  "c"?: String,
  "d"?: String,
  "e"?: Set<String>,
  "f"?: decimal,
  "g"?: Long,
  "h"?: String,
};
entity B;`)
})

test('R-POL-6: what a name says is no pattern of a replacement', () => {
  expect(withFacts(SCHEMA, { '$&': 'integer' })).toContain('"$&"?: Long')
})

test('R-POL-6: without facts the schema stays as it is, and without a place for them it is refused', () => {
  expect(withFacts('entity A;', {})).toBe('entity A;')
  expect(() => withFacts('entity A;', { a: 'string' })).toThrow(
    expect.objectContaining({
      code: 'policy_engine_failed',
      message: 'the policy schema must say `type ToolFacts = {};` for facts to have a place',
    }),
  )
})
