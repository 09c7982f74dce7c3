import { expect, test } from 'vitest'
import { type FleetAgent, type HookState, hookStateOf } from './fleet.ts'
import { DEFAULT_TENANT, type HumanId, type TaskId } from './ids.ts'

const FRESH = 1_000
const agent: FleetAgent = {
  id: 'agt_1',
  tenant: DEFAULT_TENANT,
  human: 'ada' as HumanId,
  task: 'tsk_1' as TaskId,
  agent: 'codex',
  first: 0,
  seen: 10_000,
}
const present = { files: 'present' } as const
const missing = { files: 'missing' } as const

test.each<[string, Partial<FleetAgent>, HookState]>([
  ['nothing is known of any', {}, 'unknown'],
  ['they are heard', { heard: 9_000 }, 'alive'],
  ['they were heard once', { heard: 8_999 }, 'quiet'],
  ['they are set up and were never heard', { hooks: present, reported: 10_000 }, 'quiet'],
  ['they are set up and heard', { hooks: present, reported: 10_000, heard: 9_500 }, 'alive'],
  ['they are missing since they were heard', { hooks: missing, reported: 9_800, heard: 9_500 }, 'missing'],
  [
    'they are heard, though not set up where was looked',
    { hooks: missing, reported: 9_000, heard: 9_500 },
    'alive',
  ],
  ['they are switched off', { hooks: { files: 'disabled' }, reported: 10_000 }, 'disabled'],
  ['they are others, and heard', { hooks: { files: 'changed' }, reported: 9_000, heard: 10_000 }, 'changed'],
])('R-AGT-1: of an agent’s hooks: %s', (_, more, state) => {
  expect(hookStateOf({ ...agent, ...more }, FRESH)).toBe(state)
})
