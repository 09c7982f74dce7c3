import { expect, test } from 'vitest'
import type { FleetRow } from '../api/contract.ts'
import { fleetChecks } from './check-fleet.ts'

const DAY = 86_400_000
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
}

test('R-AGT-2: doctor names each agent whose hooks are gone, or that was irregular within a day, with its fix', () => {
  const irregular = (reason: 'ran-unasked', at: number) => ({ ...row, irregular: { reason, at } })
  const rows = [
    row,
    { ...row, state: 'missing' as const, machine: null },
    irregular('ran-unasked', 2 * DAY),
    irregular('ran-unasked', DAY),
  ]
  const found = fleetChecks(rows, 2 * DAY)
  expect(found.map(({ says }) => says)).toEqual([
    'codex of ada: its hooks are missing',
    'codex of ada on laptop: ran a tool that nobody was asked about',
  ])
  expect(found.every(({ result, fix = '' }) => result === 'bad' && fix.length > 10)).toBe(true)
})
