import { expect, test } from 'vitest'
import { smallBundle } from '../../test/policy/small.ts'
import { LABELS } from '../core/labels.ts'
import { generateRequests } from './generate-requests.ts'

const READ = '@id("read") permit (principal is Task, action == Action::"file.read", resource);'

function generated(...texts: readonly string[]) {
  return generateRequests(texts.map((text) => smallBundle(text).parsed))
}

test('R-POL-9: every action on every type of resource is asked about, but never `approve`', () => {
  const texts = generated(READ).map(({ text }) => text)
  const plain = texts.filter((text) => !text.includes(','))
  expect(plain).toEqual(['tool.call Tool', 'file.read File', 'git.push Branch', 'git.push Repository'])
  expect(new Set(texts).size).toBe(texts.length)
  const labels = texts.filter((text) => text.startsWith('file.read')).map((text) => text.split(', ')[1] ?? '')
  expect(labels).toEqual(expect.arrayContaining(Object.keys(LABELS)))
  expect(labels).toEqual(expect.arrayContaining(['in production', 'outside the scope', 'at night']))
  expect(generateRequests([])).toEqual([])
})

test('R-POL-9: a request is ordinary but for one thing', () => {
  const byText = new Map(generated(READ).map(({ text, request }) => [text, request]))
  const operation = { action: 'file.read', resource: 'File::"any"' }
  expect(byText.get('file.read File')).toEqual({ operations: [operation] })
  expect(byText.get('file.read File, secret')).toEqual({ operations: [{ ...operation, labels: ['secret'] }] })
  expect(byText.get('file.read File, not fully understood')).toEqual({
    operations: [{ ...operation, opaque: true }],
  })
  expect(byText.get('file.read File, tool not on record')).toEqual({
    operations: [operation],
    facts: { pinned: false },
  })
})

test('R-POL-9: whatever entity a policy names is asked about, once, however deep it stands', () => {
  const one = `@id("a") permit (principal in Workflow::"docs", action == Action::"file.read", resource in Directory::"src")
when { principal.human in [Team::"pay", Role::"lead"] || principal in Workflow::"docs" };
@id("b") forbid (principal in AgentKind::"bot", action, resource) when { resource == File::"a\\"b" };
@id("c") forbid (principal == Task::"t", action, resource) unless { principal.human == Human::"eve" };`
  const two = '@id("d") permit (principal, action, resource in Directory::"docs");'
  const named = generated(one, two)
    .filter(({ text }) => text.startsWith('file.read File, in ') && text.includes('::'))
    .map(({ text, request: { operations, ...rest } }) => [text.slice(19), operations[0]?.in, rest])
  expect(named).toEqual([
    ['Workflow::"docs"', undefined, { task: { workflow: 'docs' } }],
    ['Directory::"src"', ['Directory::"src"'], {}],
    ['Team::"pay"', undefined, { task: { human: { id: 'ada', teams: ['pay'] } } }],
    ['Role::"lead"', undefined, { task: { human: { id: 'ada', roles: ['lead'] } } }],
    ['AgentKind::"bot"', undefined, { task: { agent: 'bot' } }],
    [String.raw`File::"a\"b"`, [String.raw`File::"a\"b"`], {}],
    ['Human::"eve"', undefined, { task: { human: { id: 'eve' } } }],
    ['Directory::"docs"', ['Directory::"docs"'], {}],
  ])
})
