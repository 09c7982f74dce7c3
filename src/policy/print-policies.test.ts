import { describe, expect, test } from 'vitest'
import { formatSources, printPolicies, readPolicies } from './print-policies.ts'

const MESSY = '// why\npermit(principal,action,resource)when{context.pinned};'
const DEEP = `permit (principal, action, resource) when { ${'('.repeat(64)}true${')'.repeat(64)} };`

describe('R-POL-9: formatting', () => {
  test('as the official formatter does, comments kept', () => {
    const { texts, problems } = formatSources({ sources: [{ file: 'a', text: MESSY }] })
    expect(problems).toEqual([])
    expect(texts.map((text) => text?.trimEnd())).toEqual([
      '// why\npermit (principal, action, resource)\nwhen { context.pinned };',
    ])
  })

  test('what cannot be parsed is left alone and said with its place, file by file', () => {
    const sources = [
      { file: 'bad.cedar', text: '// ünï\npermit (principal, action);' },
      { file: 'good.cedar', text: MESSY },
      { file: 'deep.cedar', text: `${MESSY}\n${DEEP}` },
    ]
    const { texts, problems } = formatSources({ sources })
    expect(texts.map((text) => text !== undefined)).toEqual([false, true, false])
    expect(problems).toMatchObject([
      { file: 'bad.cedar', line: 2 },
      { file: 'deep.cedar', line: 3, column: 1, message: 'brackets nest 65 deep, at most 64 may' },
    ])
    expect(problems[0]?.message).not.toContain('cannot parse input policies')
  })
})

test('R-POL-9: policies from elsewhere are read as they are, and what is none is said', () => {
  const text = `${MESSY}\n  nonsense;\n${DEEP}\nforbid (principal, action, resource);`
  const { policies, problems } = readPolicies({ source: { file: 'x.cedar', text } })
  expect(policies.map(({ effect }) => effect)).toEqual(['permit', 'forbid'])
  expect(problems).toMatchObject([
    { file: 'x.cedar', line: 3, column: 3 },
    { file: 'x.cedar', line: 4, column: 1, message: 'brackets nest 65 deep, at most 64 may' },
  ])
  expect(problems[0]?.message.length).toBeGreaterThan(5)
})

test('R-POL-9: printed policies stand apart and read back as they were', () => {
  const text =
    '@id("a") permit (principal, action, resource);\n@id("b") forbid (principal, action, resource);'
  const { policies } = readPolicies({ source: { file: 'x', text } })
  const printed = printPolicies({ policies })
  expect(printed).toContain(';\n\n@id("b")')
  expect(readPolicies({ source: { file: 'x', text: printed } }).policies).toEqual(policies)
  expect(() => printPolicies({ policies: [{ effect: 'maybe' }] })).toThrow(
    expect.objectContaining({ code: 'policy_engine_failed' }),
  )
})
