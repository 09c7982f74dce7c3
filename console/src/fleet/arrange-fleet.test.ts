import { expect, test } from 'vitest'
import type { FleetRow } from '../../../src/api/fleet-contract.ts'
import type { FleetProblem } from '../../../src/core/fleet-problems.ts'
import { parseQuery } from '../../../src/core/audit-query/parse-query.ts'
import { arrangeFleet, choicesOf, recordsOf } from './arrange-fleet.ts'

function row(agent: string, seen: number, machine?: string, ...problems: FleetProblem[]): FleetRow {
  const where = machine === undefined ? null : { id: machine, name: machine, platform: 'linux' }
  return { id: `agt_${seen}`, task: 'tsk_1', agent, seen, machine: where, problems } as unknown as FleetRow
}

const rows = [
  row('codex', 4, 'two'),
  row('cline', 3),
  row('codex', 2, 'one', 'ran-unasked'),
  row('cline', 1, 'two', 'hooks-missing'),
]
const seenOf = (found: readonly FleetRow[]) => found.map(({ seen }) => seen)

test('R-AGT-2: of the fleet, what is to be mended stands first, then what was seen last', () => {
  expect(seenOf(arrangeFleet(rows))).toEqual([2, 1, 4, 3])
  expect(seenOf(arrangeFleet(rows, { agent: 'codex', machine: '' }))).toEqual([2, 4])
  expect(seenOf(arrangeFleet(rows, { agent: '', machine: 'two' }))).toEqual([1, 4])
  expect(choicesOf(rows)).toEqual({ agents: ['cline', 'codex'], machines: ['one', 'two'] })
})

test('R-AGT-2: what leads from an agent to its records is a query that the gateway takes', () => {
  expect(() => parseQuery(recordsOf(row('codex', 4)), 0)).not.toThrow()
})
