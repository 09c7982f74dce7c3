import { describe, expect, test } from 'vitest'
import { inferTool } from '../../src/classify/inference/infer-tool.ts'
import { groupsOf } from '../../src/core/actions.ts'
import { readUnknownTools } from '../support/unknown-tools.ts'

const SETS = {
  'two hundred tools of fifty servers': 'unknown-tools.txt',
  'a hundred more, judged before inference saw any': 'blind-tools.txt',
} as const

const judge = (file: string) =>
  readUnknownTools(file).map((one) => {
    const { reach: actions } = inferTool(one.tool)
    const groups = actions.map((action): readonly string[] => groupsOf(action))
    return { ...one, inferred: actions, groups, reads: groups.every((each) => each.includes('read')) }
  })

describe.each(Object.entries(SETS))('R-CLS-2: %s, without entries and without hints', (_, file) => {
  const judged = judge(file)
  test('none that changes something is read as harmless', () => {
    const harmless = judged.filter(({ truth, reads }) => truth !== 'read' && reads)
    expect(harmless.map(({ tool }) => tool.name)).toEqual([])
  })

  test('of those that may lose something, fewer than 5 % are not recognised', () => {
    const all = judged.filter(({ truth }) => truth === 'destroy')
    const missed = all.filter(({ groups }) => !groups.flat().includes('destructive'))
    expect(missed.map(({ tool }) => tool.name).slice(Math.floor(all.length * 0.05))).toEqual([])
  })

  test('of those that only read, fewer than 15 % are taken for more', () => {
    const all = judged.filter(({ truth }) => truth === 'read')
    const over = all.filter(({ reads }) => !reads)
    expect(over.map(({ tool }) => tool.name).slice(Math.floor(all.length * 0.15))).toEqual([])
  })
})

describe('R-CLS-2: what tools do is named in words of policy', () => {
  test.each(judge('unknown-tools.txt').filter(({ actions }) => actions.length > 0))(
    '$tool.name is $actions',
    ({ actions, inferred }) => {
      expect(inferred).toEqual(expect.arrayContaining([...actions]))
    },
  )
})
