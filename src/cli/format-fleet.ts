import type { FleetRow } from '../api/contract.ts'
import { plainLine } from './plain-text.ts'

export const FLEET_COLUMNS: readonly string[] = [
  'MACHINE',
  'AGENT',
  'VERSION',
  'HOOKS',
  'LAST SEEN',
  'HUMAN',
  'TASK',
  'IRREGULAR',
]

/** One line an agent. */
export function fleetRow(row: FleetRow): readonly string[] {
  const { machine, agent, version, state, seen, human, task, irregular, problems } = row
  const told = irregular === null ? [] : [`${irregular.reason} ${new Date(irregular.at).toISOString()}`]
  const old = problems.filter((problem) => problem === 'version-too-old')
  return [
    machine?.name ?? '-',
    agent,
    version ?? '-',
    state,
    new Date(seen).toISOString(),
    human,
    task,
    [...told, ...old].join(', '),
  ].map(plainLine)
}
