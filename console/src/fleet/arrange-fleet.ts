import type { FleetRow } from '../../../src/api/fleet-contract.ts'

/** What is shown of the fleet; empty = all. */
export interface FleetFilter {
  readonly agent: string
  /** Name of a machine. */
  readonly machine: string
}

const ALL: FleetFilter = { agent: '', machine: '' }

/** Those that fit: first those with something to mend, each latest seen first. */
export function arrangeFleet(
  rows: readonly FleetRow[],
  { agent, machine }: FleetFilter = ALL,
): readonly FleetRow[] {
  return rows
    .filter(
      (row) => (agent === '' || row.agent === agent) && (machine === '' || row.machine?.name === machine),
    )
    .toSorted((one, other) => rank(one) - rank(other) || other.seen - one.seen)
}

function rank({ problems }: FleetRow): number {
  return problems.length === 0 ? 1 : 0
}

/** What can be chosen, each once, in the order of the alphabet. */
export function choicesOf(rows: readonly FleetRow[]): {
  readonly agents: readonly string[]
  readonly machines: readonly string[]
} {
  const each = (names: readonly string[]): readonly string[] => [...new Set(names)].toSorted()
  return {
    agents: each(rows.map(({ agent }) => agent)),
    machines: each(rows.flatMap(({ machine }) => machine?.name ?? [])),
  }
}

/** The audit query that finds what is on record of an agent itself, and of the task that it worked for last. */
export function recordsOf({ id, task }: FleetRow): string {
  return `id = "${id}" or under = "${task}"`
}
