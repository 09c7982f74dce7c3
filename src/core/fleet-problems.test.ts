import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { FleetAgent, HookState } from './fleet.ts'
import { FLEET_ADVICE, type FleetProblem, fleetProblems } from './fleet-problems.ts'
import { DEFAULT_TENANT, type HumanId, type TaskId } from './ids.ts'

const DAY = 86_400_000
const agent: FleetAgent & { readonly state: HookState } = {
  id: 'agt_1',
  tenant: DEFAULT_TENANT,
  human: 'ada' as HumanId,
  task: 'tsk_1' as TaskId,
  agent: 'claude-code',
  first: 0,
  seen: 0,
  state: 'alive',
}
const irregular = (reason: 'ran-unasked' | 'hooks-missing', at: number) => ({ irregular: { reason, at } })

test.each<[string, Partial<typeof agent>, readonly FleetProblem[]]>([
  ['nothing', { version: '2.1.330' }, []],
  ['hooks that are set up and not heard', { state: 'quiet' }, []],
  ['hooks that are gone', { state: 'missing' }, ['hooks-missing']],
  [
    'the same, which was on record',
    { state: 'missing', ...irregular('hooks-missing', DAY + 1) },
    ['hooks-missing'],
  ],
  ['what was irregular within a day', irregular('ran-unasked', DAY + 1), ['ran-unasked']],
  ['what was irregular before', irregular('ran-unasked', DAY), []],
  ['a version before the one that refuses', { version: '2.1.294' }, ['version-too-old']],
  ['a version of a row before', { version: '2.0.1000-beta.1' }, ['version-too-old']],
  ['the version that refuses', { version: '2.1.295' }, []],
  ['a version that is no number', { version: 'main' }, []],
  ['an agent of which no such version is known', { agent: 'codex', version: '0.1.0' }, []],
])('R-AGT-2: what is wrong with an agent: %s', (_, more, problems) => {
  expect(fleetProblems({ ...agent, ...more }, 2 * DAY)).toEqual(problems)
})

test('R-AGT-2: each fix names a section that the documentation has', () => {
  for (const { page, section } of Object.values(FLEET_ADVICE)) {
    expect(readFileSync(page, 'utf8')).toContain(`\n## ${section}\n`)
  }
})
