import { expect, test } from 'vitest'
import { NO_HISTORY } from '../core/facts.ts'
import type { TaskId } from '../core/ids.ts'
import { sampleTask } from '../../test/suites/sample-records.ts'
import { delegationGraph } from './format-delegations.ts'

const root = sampleTask('tsk_1', {
  scope: { paths: ['/work/**'], servers: ['git'] },
  intent: 'say "x"] --> evil[y',
})
const child = sampleTask('tsk_2', {
  parent: 'tsk_1' as TaskId,
  agent: { id: 'helper/1', kind: 'helper' },
  scope: { paths: ['/work/src/**'], servers: ['git'] },
  intent: 'only\nsources',
})
const tree = { task: root, used: NO_HISTORY, children: [{ task: child, used: NO_HISTORY, children: [] }] }

test('R-AUD-3: a graph of delegations says who gave what to whom, and where a scope became narrower', () => {
  expect(delegationGraph(tree, 'text', 0).split('\n')).toEqual([
    'ada → claude-code/1  tsk_1  active  “say "x"] --> evil[y”  servers: git; paths: /work/**',
    expect.stringMatching(
      /^ {2}claude-code\/1 → helper\/1 {2}tsk_2 {2}active {2}.*only paths: \/work\/src\/\*\*$/,
    ),
  ])
})

test('R-AUD-3: no intent of an agent becomes part of the drawing', () => {
  const dot = delegationGraph(tree, 'dot', 0)
  expect(dot).toContain('"tsk_1" -> "tsk_2" [label="only paths: /work/src/**"]')
  expect(dot).toContain('say \\"x\\"] --> evil[y')
  const mermaid = delegationGraph(tree, 'mermaid', 0)
  expect(mermaid.split('\n')).toHaveLength(6)
  expect(mermaid).toContain('tsk_1 -->|"only paths: /work/src/#42;#42;"| tsk_2')
  expect(mermaid).not.toContain('evil[')
})
