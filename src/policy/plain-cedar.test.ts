import { expect, test } from 'vitest'
import { PACK, SCHEMA_FILE } from '../../test/policy/samples.ts'
import { loadPolicyBundle } from './load-policy-set.ts'
import { importPlainCedar, toPlainCedar } from './plain-cedar.ts'
import { printPolicies, readPolicies } from './print-policies.ts'
import { parsedBefore } from '../../test/support/shared-caches.ts'

test('export and import give every policy of the pack back, and none of Remit’s own', async () => {
  const { parsed } = await loadPolicyBundle({ folders: [PACK], schemaFile: SCHEMA_FILE, ...parsedBefore() })
  const text = printPolicies({ policies: parsed.policies.map(({ est }) => toPlainCedar(est)) })
  const { policies, problems } = readPolicies({ source: { file: 'plain.cedar', text } })
  expect(problems).toEqual([])
  expect(policies.length).toBe(parsed.policies.length)
  const own = parsed.policies.filter(({ id }) => !id.startsWith('remit:'))
  expect(importPlainCedar(policies)).toEqual(own.map(({ est }) => est))
})

test('what comes from another engine is named, gets its gates, and loses unknown annotations', () => {
  const text = `@owner("x") permit (principal, action, resource);
@id("ask") forbid (principal, action, resource) when { true } unless { context.approvals.contains("ci") };
@id("other") forbid (principal, action, resource) unless { context.other.contains("ci") };
@id("late") permit (principal, action, resource) unless { context.approvals.contains("ci") };`
  const { policies } = readPolicies({ source: { file: 'plain.cedar', text } })
  const imported = importPlainCedar(policies)
  expect(imported.map(({ annotations }) => annotations)).toEqual([
    { id: 'imported-1' },
    { id: 'ask', consent: 'ci' },
    { id: 'other' },
    { id: 'late' },
  ])
  expect(imported.map(({ conditions }) => (conditions as unknown as readonly unknown[]).length)).toEqual([
    0, 1, 1, 1,
  ])
})

test('text that is none is refused with its place', () => {
  const text = 'permit (principal, action, resource);\n  permit (principal, action);'
  const { problems } = readPolicies({ source: { file: 'plain.cedar', text } })
  expect(problems).toMatchObject([{ file: 'plain.cedar', line: 2, column: 3 }])
})
