import { describe, expect, test } from 'vitest'
import { parsedOf } from '../../test/policy/compiled.ts'
import { dissectPolicy } from './dissect-policy.ts'

function dissected(text: string) {
  return parsedOf(`@id("a") ${text};`)
    .policies.filter(({ id }) => id === 'a')
    .map(dissectPolicy)
}
const parts = (text: string) =>
  dissected(text).flatMap((policy) => policy.parts.map(({ kind, text: part }) => [kind, part]))

describe('R-POL-7: the parts of a policy, as they are told', () => {
  test.each([
    ['permit (principal, action, resource)', []],
    [
      'permit (principal == Task::"t", action == Action::"file.read", resource in Directory::"d")',
      [
        ['principal', 'principal == Task::"t"'],
        ['action', 'action == Action::"file.read"'],
        ['resource', 'resource in Directory::"d"'],
      ],
    ],
    [
      'permit (principal is Task, action in [Action::"file.read", Action::"file.list"], resource is File in Directory::"d")',
      [
        ['principal', 'principal is Task'],
        ['action', 'action in [Action::"file.read", Action::"file.list"]'],
        ['resource', 'resource is File in Directory::"d"'],
      ],
    ],
    [
      'permit (principal, action, resource) when { context.a && (context.b || context.c) } unless { context.d || context.e }',
      [
        ['when', 'context.a'],
        ['when', 'context.b || context.c'],
        ['unless', 'context.d'],
        ['unless', 'context.e'],
      ],
    ],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected)
  })

  test('a pack’s policy is said to be of its file, Remit’s own of none', () => {
    const [own] = dissected('permit (principal, action, resource)')
    expect(own?.compiled.info).toMatchObject({ source: 'pack', file: 'pack.cedar' })
    const builtin = parsedOf('').policies.map(dissectPolicy)
    expect(new Set(builtin.map(({ compiled }) => compiled.info.source))).toEqual(new Set(['builtin']))
  })
})
