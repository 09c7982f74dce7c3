import { readFile } from 'node:fs/promises'
import { beforeEach, expect, test } from 'vitest'
import { packCompiler } from '../../test/policy/compiled.ts'
import { PACK } from '../../test/policy/samples.ts'
import type { PolicySet } from './policy-set.ts'
import { readCases } from './read-cases.ts'
import { runCases } from './run-cases.ts'

const compilePack = packCompiler()
const text = await readFile(`${PACK}/cases.yaml`, 'utf8')
let set: PolicySet
beforeEach(() => {
  set = compilePack()
})

test('R-POL-9: every rule of the pack that calls can meet has a case in which it decides', () => {
  const results = runCases(set, readCases(text, 'coding-agent/cases.yaml'))
  expect(results.filter(({ differences }) => differences.length > 0)).toEqual([])
  const decided = new Set(results.flatMap(({ policies }) => policies))
  const unmet = set.policies
    .filter(({ id, source }) => source === 'pack' && !decided.has(id))
    .map(({ id }) => id)
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
