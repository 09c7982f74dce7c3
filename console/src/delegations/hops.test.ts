import { expect, test } from 'vitest'
import { NO_HISTORY } from '../../../src/core/facts.ts'
import type { Task } from '../../../src/core/identity.ts'
import type { Scope } from '../../../src/core/scope.ts'
import { hopsOf } from './hops.ts'
import { layOut } from './lay-out.ts'

type Tree = Parameters<typeof hopsOf>[0]

function branch(id: string, scope: Scope, children: readonly Tree[] = [], more: object = {}): Tree {
  const task = { id, human: 'ada', agent: { id, kind: 'a' }, intent: 'x', scope, expires: 9, ...more }
  return { task: task as unknown as Task, used: NO_HISTORY, children }
}

const tree = branch('tsk_1', { paths: ['/w/**'] }, [
  branch('tsk_2', { paths: ['/w/**'] }, [branch('tsk_4', { paths: ['/w/a/**'], tools: ['x'] })], {
    revoked: { at: 1, by: 'ada', reason: 'enough' },
  }),
  branch('tsk_3', { paths: ['/w/**'] }),
])

test('R-AUD-3: each hop of a delegation says from whom, with how much less, and whether it is stopped above', () => {
  const root = hopsOf(tree, 0)
  expect(root).toMatchObject({ from: 'ada', scope: 'paths: /w/**', brief: 'limited: paths', halted: false })
  const [second, third] = root.below
  expect(third).toMatchObject({ from: 'tsk_1', scope: 'the same scope', state: 'active', halted: false })
  expect(second).toMatchObject({ state: 'revoked', halted: false })
  expect(second?.below).toMatchObject([
    { from: 'tsk_2', scope: 'only tools: x; paths: /w/a/**', brief: 'less: tools, paths', halted: true },
  ])
})

test('R-AUD-3: in the drawing no two tasks share a place, and each hangs under what delegated it', () => {
  const { placed, columns, rows, human } = layOut(hopsOf(tree, 0))
  expect({ columns, rows, human }).toEqual({ columns: 2, rows: 4, human: 0.5 })
  const places = Object.fromEntries(placed.map(({ hop, ...place }) => [hop.task.id, place]))
  expect(places).toEqual({
    tsk_1: { column: 0.5, row: 1, parent: 0.5 },
    tsk_2: { column: 0, row: 2, parent: 0.5 },
    tsk_3: { column: 1, row: 2, parent: 0.5 },
    tsk_4: { column: 0, row: 3, parent: 0 },
  })
})
