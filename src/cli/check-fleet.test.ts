import { expect, test } from 'vitest'
import type { FleetRow } from '../api/contract.ts'
import { fleetChecks } from './check-fleet.ts'

const row: FleetRow = {
  id: 'agt_1',
  human: 'ada',
  task: 'tsk_1',
  agent: 'codex',
  version: null,
  remit: null,
  machine: { id: 'm'.repeat(16), name: 'laptop', platform: 'linux' },
  state: 'alive',
  digest: null,
  first: 0,
  seen: 0,
  heard: 0,
  reported: null,
  irregular: null,
  problems: [],
}

test('R-AGT-2: doctor names whatever is wrong with each agent, with its fix and where it is explained', () => {
  const found = fleetChecks([
    row,
    { ...row, machine: null, problems: ['hooks-missing'] },
    { ...row, problems: ['ran-unasked', 'version-too-old'] },
  ])
  expect(found.map(({ says }) => says)).toEqual([
    'codex of ada started without its hooks',
    'codex of ada on laptop ran a tool that nobody was asked about',
    'codex of ada on laptop is too old to refuse a tool where its hook fails',
  ])
  expect(found[0]).toMatchObject({
    result: 'bad',
    fix: expect.stringMatching(/`remit init`.*; docs\/agents\.md, \*What is written\*$/),
  })
})
