import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import { expect, test } from 'vitest'
import type { Json } from '../core/json.ts'
import { printExpression } from './print-expression.ts'

function parse(text: string): Json {
  const answer = policyToJson(`permit (principal, action, resource) when { ${text} };`)
  if (answer.type === 'failure') throw new Error(`${answer.errors[0]?.message}: ${text}`)
  return (answer.json.conditions as unknown as readonly { readonly body: Json }[])[0]!.body
}

test.each([
  'a && b || c && !(d || e)',
  '(context.a - 1) - (2 - context.b) * -3 > 4',
  '-(context.a + 1) == 2',
  '(if context.a then 1 else 2) + 3 == 4',
  'principal is Task in Workflow::"x\\"y" && resource in [File::"a", File::"b"]',
  'principal.human has team.lead && context["in"] == 1 && {"if": 1, ok: [true, {}]} has ok',
  'context.name like "a\\*b*" || context.name == "\\n\\u{202e}🙂"',
  'context.now.offset(duration("1h")) < datetime("2030-01-01") && ip("10.0.0.1").isInRange(context.net)',
  '!(!context.a) == (context.b in principal)',
  '!(-0) == !(!(!(!(!context.a))))',
  'principal.hasTag("x") && principal.getTag("x").containsAny(["a"]) && context.s.isEmpty()',
])('R-POL-7: %s', (text) => {
  const tree = parse(text.replaceAll(/\b([a-e])\b(?! ?[.:*"])/g, (_, name: string) => `context.${name}`))
  expect(parse(printExpression(tree))).toEqual(tree)
})
