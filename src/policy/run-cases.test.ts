import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadPolicySet } from './load-policy-set.ts'
import { readCases } from './read-cases.ts'
import { runCases } from './run-cases.ts'

const POLICIES = fileURLToPath(new URL('../../policies/', import.meta.url))

const PACK = `${POLICIES}coding-agent`
const set = await loadPolicySet({ folders: [PACK], schemaFile: `${POLICIES}remit.cedarschema` })
const cases = readCases(await readFile(`${PACK}/cases.yaml`, 'utf8'), 'coding-agent/cases.yaml')
const results = runCases(set, cases)

test.each(results)('R-POL-9: coding-agent: $name', ({ differences }) => {
  expect(differences).toEqual([])
})

test('R-POL-9: every rule of the pack that calls can meet has a case in which it decides', () => {
  const decided = new Set(results.flatMap(({ policies }) => policies))
  const unmet = set.policies.map(({ id }) => id).filter((id) => !decided.has(id))
  // The rules about humans decide `approve` cases, which name no policies, and the ceiling, which comes later.
  expect(unmet).toEqual(['human-ceiling', 'approvers', 'maintainers', 'four-eyes'])
})

test('R-POL-9: a case that expects something else fails and says why', () => {
  const [wrong] = runCases(
    set,
    readCases(
      `- name: wrong
  operations: [{ action: file.read, resource: 'File::".env"', labels: [secret] }]
  expect: { effect: allow, policies: [read-files] }`,
      'x.yaml',
    ),
  )
  expect(wrong?.differences.slice(0, 2)).toEqual([
    'expected allow, got deny',
    'expected policies [read-files], got [secrets]',
  ])
  expect(wrong?.differences[2]).toContain('by secrets (file.read File .env): this holds secrets')
})

test('R-POL-9: a cases file with an unknown word is refused', () => {
  expect(() => readCases('- name: x\n  operatoins: []\n  expect: { effect: allow }', 'x.yaml')).toThrow(
    'x.yaml:',
  )
})
