import { expect, test } from 'vitest'
import { ADA, chain, operation, readFile, request, task } from '../../test/policy/samples.ts'
import { evaluationsOf } from './request-evaluations.ts'
import { valueText } from './trace-facts.ts'

test('R-ID-1: each operation is evaluated for each task of the chain and for its human', () => {
  const asked = request([readFile('a'), operation('file.list', { id: 'b' })], {
    chain: chain(task(), task({ id: 'tsk_0' })),
    human: { ...ADA, teams: ['payments', 'docs'] },
    facts: { outside: [[], ['paths']] },
  })
  const evaluations = evaluationsOf(asked)
  expect(
    evaluations.map(({ position, step, operation: { action }, evaluation }) => [
      position,
      step,
      action,
      valueText(evaluation.principal),
      valueText(evaluation.action),
      valueText(evaluation.resource),
      /outside: \[[^\]]*\]/.exec(valueText(evaluation.context))?.[0],
    ]),
  ).toEqual([
    [0, 0, 'file.read', 'Task::"tsk_1"', 'Action::"file.read"', 'File::"a"', 'outside: []'],
    [0, 1, 'file.read', 'Task::"tsk_0"', 'Action::"file.read"', 'File::"a"', 'outside: []'],
    [0, 2, 'file.read', 'Human::"ada"', 'Action::"file.read"', 'File::"a"', 'outside: []'],
    [1, 0, 'file.list', 'Task::"tsk_1"', 'Action::"file.list"', 'File::"b"', 'outside: ["paths"]'],
    [1, 1, 'file.list', 'Task::"tsk_0"', 'Action::"file.list"', 'File::"b"', 'outside: ["paths"]'],
    [1, 2, 'file.list', 'Human::"ada"', 'Action::"file.list"', 'File::"b"', 'outside: ["paths"]'],
  ])
  expect(evaluations.map(({ ceiling }) => ceiling)).toEqual([false, false, true, false, false, true])
})
