import type { FleetRow } from '../api/contract.ts'
import type { HookState, Irregularity } from '../core/fleet.ts'
import type { Check } from './check.ts'

const DAY = 86_400_000

const WRONG: Readonly<Partial<Record<HookState, string>>> = {
  missing: 'its hooks are missing',
  disabled: 'its hooks are switched off',
  changed: 'its hooks are not what was set up',
}

const SAYS: Readonly<Record<Irregularity, string>> = {
  'calls-without-hooks': 'called tools while nothing was heard of its hooks',
  'ran-unasked': 'ran a tool that nobody was asked about',
  'hooks-missing': 'started without its hooks',
  'hooks-disabled': 'started with its hooks switched off',
  'hooks-changed': 'started with hooks that are not what was set up',
}

/** What is wrong with agents now, and what was irregular within a day. @param now milliseconds since the epoch. */
export function fleetChecks(rows: readonly FleetRow[], now: number): readonly Check[] {
  return rows.flatMap((row): readonly Check[] => {
    const recent =
      row.irregular !== null && now - row.irregular.at < DAY ? SAYS[row.irregular.reason] : undefined
    const says = WRONG[row.state] ?? recent
    if (says === undefined) return []
    const who = `${row.agent} of ${row.human}${row.machine === null ? '' : ` on ${row.machine.name}`}`
    const fix = 'set its hooks up anew and start it again; docs/hooks.md, *Heartbeats*'
    return [{ name: 'agent', result: 'bad', says: `${who}: ${says}`, fix }]
  })
}
