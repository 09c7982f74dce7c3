import { expect, test } from 'vitest'
import type { FleetRow } from '../api/contract.ts'
import { FLEET_COLUMNS, fleetRow } from './format-fleet.ts'

const row = {
  human: 'ada',
  task: 'tsk_1',
  agent: 'claude-code',
  version: '2.1.290',
  machine: { id: 'm'.repeat(16), name: 'lap\u001b[31mtop', platform: 'linux' },
  state: 'quiet',
  seen: 0,
  irregular: { reason: 'ran-unasked', at: 0 },
  problems: ['version-too-old'],
} as unknown as FleetRow

test('R-AGT-2: an agent of the fleet is one line, with what was irregular of it, and no control of a terminal', () => {
  const cells = fleetRow(row)
  expect(cells).toHaveLength(FLEET_COLUMNS.length)
  expect(cells[0]).not.toContain('\u001b')
  expect(cells.at(-1)).toBe('ran-unasked 1970-01-01T00:00:00.000Z, version-too-old')
})
