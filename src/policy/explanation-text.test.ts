import { expect, test } from 'vitest'
import { operation } from '../../test/policy/samples.ts'
import type { Decision } from '../core/decision.ts'
import { explain } from './explain.ts'
import { explanationText } from './explanation-text.ts'
import type { ExplainedOperation, ExplainedPolicy } from './explanation.ts'

const DECISION: Decision = {
  effect: 'deny',
  reasons: [],
  policies: [],
  gates: [],
  obligations: [],
  errors: [],
}
const PLACE = { file: 'pack.cedar', line: 3, column: 1 }

function policy(more: Partial<ExplainedPolicy> = {}): ExplainedPolicy {
  return { id: 'p', effect: 'forbid', reason: 'because', place: PLACE, parts: [], facts: {}, ...more }
}

function explained(more: Partial<ExplainedOperation> = {}): ExplainedOperation {
  return { position: 0, operation: 'file.read File a', effect: 'deny', policies: [], nearMisses: [], ...more }
}

test('R-POL-7: an explanation in words: what decided, where it stands, what it read', () => {
  const parts = [
    { kind: 'principal', text: 'principal is Task' },
    { kind: 'when', text: 'context.pinned' },
    { kind: 'unless', text: 'context.hour < 9' },
  ]
  const facts = { 'context.hour': '10', 'principal in': '[Role::"x"]' }
  const operations = [
    explained({
      policies: [
        policy({ parts, facts }),
        policy({
          id: 'q',
          consent: 'ci',
          place: { ...PLACE, file: 'builtin-policies' },
          error: 'integer overflow',
        }),
      ],
    }),
    explained({ position: 1, operation: 'file.list File b', effect: 'allow', policies: [policy()] }),
  ]
  const changes = [
    { text: 'if it were noon', effect: 'allow', policies: [] },
    { text: 'if asked', effect: 'consent', policies: [] },
  ] as const
  const errors = [{ policy: 'q', message: 'integer overflow' }]
  expect(explanationText({ decision: { ...DECISION, errors }, operations, changes })).toBe(`denied
  file.read File a
    by p (forbid; pack.cedar:3:1): because
      principal is Task
      when context.pinned
      unless context.hour < 9
      with context.hour = 10
      with principal in [Role::"x"]
    by q (forbid, consent \`ci\`; part of Remit): because
      failed: integer overflow
  could not evaluate q: integer overflow
what would change it
  allowed if it were noon
  held for consent if asked
`)
})

test('R-POL-7: where nothing permits it, what nearly did', () => {
  const miss = { id: 'm', place: PLACE, holding: 2, parts: 3, facts: { 'context.hour': '10' } }
  const operations = [
    explained({
      ancestor: 1,
      nearMisses: [
        { ...miss, failed: { kind: 'when', text: 'context.hour < 9' } },
        { ...miss, id: 'n', failed: { kind: 'unless', text: 'context.opaque' }, facts: {} },
      ],
    }),
  ]
  expect(explanationText({ decision: DECISION, operations, changes: [] })).toBe(`denied
  file.read File a (for the task 1 above)
    no policy permits it
    nearly by m (pack.cedar:3:1; 2 of 3 parts hold), but not: context.hour < 9
      with context.hour = 10
    nearly by n (pack.cedar:3:1; 2 of 3 parts hold), but not: unless context.opaque
`)
})

test('R-POL-7: what is allowed says what would stop it; a call without operations says why', () => {
  const changes = [{ text: 'if it were opaque', effect: 'deny', policies: [] }] as const
  const allowed = { ...DECISION, effect: 'allow' } as const
  expect(explanationText({ decision: allowed, operations: [], changes })).toBe(
    'allowed\nwhat would stop it\n  denied if it were opaque\n',
  )
  const reasons = [{ policy: 'x', text: 'the call is empty' }]
  expect(explanationText({ decision: { ...DECISION, reasons }, operations: [], changes: [] })).toBe(
    'denied\n  because the call is empty\n',
  )
})

test('R-POL-7: a decision in words', () => {
  const gate = {
    scope: 'ci',
    quorum: 2,
    severity: 'high',
    timeout: 60,
    policy: 'g',
    reason: 'r',
    delegator: 'never',
  } as unknown as Decision['gates'][number]
  const decision: Decision = {
    ...DECISION,
    effect: 'consent',
    reasons: [
      { policy: 'g', text: 'touches CI', operation: 0 },
      { policy: 'h', text: 'as a whole' },
      { policy: 'i', text: 'of none', operation: 7 },
    ],
    gates: [gate, { ...gate, by: 'lead', quorum: 1 }],
    errors: [{ policy: 'e', message: 'overflow' }],
  }
  const text = explain(decision, [operation('file.read', { id: 'a' })])
  const lines = text.split('\n').map((line) => line.trimStart())
  expect(lines[0]).toBe('held for consent')
  expect(lines.slice(1, 4)).toEqual([
    'by g (file.read File a): touches CI',
    'by h: as a whole',
    'by i: of none',
  ])
  expect(lines[4]).toMatch(/^needs 2 × whoever may approve for `ci` \(high, 60 s/)
  expect(lines[5]).toMatch(/^needs 1 × `lead` for `ci` \(high, 60 s/)
  expect(lines.at(-1)).toBe('could not be evaluated: e: overflow')
  expect(explain({ ...DECISION, effect: 'allow' }, [])).toBe('allowed')
  expect(explain(DECISION, [])).toBe('denied')
})
