import { expect, test } from 'vitest'
import type { Digest, TaskId } from '../../core/ids.ts'
import { OwnUses } from './own-uses.ts'

const AGENT = 'tsk_agent' as TaskId
const CHILD = 'tsk_child' as TaskId
const CALL = { name: 'fs__read', arguments: { path: 'a' } }

test('R-AGT-1: the end of one of two same calls of a sub-agent makes the other not its agent’s', () => {
  const uses = new OwnUses((text) => text as Digest)
  const by = { child: CHILD, at: 0 }
  uses.add(AGENT, CALL, by)
  expect(uses.take(AGENT, CALL, 1)).toBe(CHILD)
  uses.add(AGENT, CALL, by)
  uses.forget(AGENT, CALL)
  // A runtime may ask its human in between.
  expect(uses.take(AGENT, CALL, 1_800_000)).toBe(CHILD)
  expect(uses.take(AGENT, CALL, 1_800_000)).toBeUndefined()
})
