import type { FleetRow } from '../api/contract.ts'
import { FLEET_ADVICE } from '../core/fleet-problems.ts'
import type { Check } from './check.ts'

/** What is wrong with agents, as the gateway tells it. */
export function fleetChecks(rows: readonly FleetRow[]): readonly Check[] {
  return rows.flatMap(({ agent, human, machine, problems }): readonly Check[] => {
    const who = `${agent} of ${human}${machine === null ? '' : ` on ${machine.name}`}`
    return problems.map((problem) => {
      const { says, fix, page, section } = FLEET_ADVICE[problem]
      return { name: 'agent', result: 'bad', says: `${who} ${says}`, fix: `${fix}; ${page}, *${section}*` }
    })
  })
}
