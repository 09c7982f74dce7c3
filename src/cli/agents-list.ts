import type { FleetAnswer } from '../api/contract.ts'
import { HOOK_STATES } from '../core/fleet.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, countFlag, textFlag } from './command.ts'
import { FLEET_COLUMNS, fleetRow } from './format-fleet.ts'
import { table } from './paint.ts'

export const agentsList: Command = {
  path: 'agents list',
  summary: 'list the agents that work here: where, in which version, and whether their hooks are heard',
  positionals: [],
  flags: [
    { name: 'state', takes: 'state', choices: HOOK_STATES, summary: 'only those whose hooks are so' },
    { name: 'agent', takes: 'agent', summary: 'only this one, such as `claude-code`' },
    { name: 'limit', takes: 'count', summary: 'at most this many (default 200)' },
  ],
  notes: `HOOKS: alive = they are heard; quiet = they are set up, or were heard, and are not
heard now; missing, disabled, changed = as the files of the agent say; unknown =
nobody knows of any. An agent is kept for a month after it was last seen.`,
  run: async (invocation) => {
    const state = textFlag(invocation, 'state')
    const agent = textFlag(invocation, 'agent')
    const limit = countFlag(invocation, 'limit', 1_000)
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<FleetAnswer>('/fleet', { state, agent, limit })
    const { io, json } = invocation
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.agents.length === 0) io.out('no agents; docs/hooks.md says how they are seen\n')
    else io.out(table([FLEET_COLUMNS, ...answer.agents.map(fleetRow)]))
    if (!json && answer.more > 0) io.out(`${answer.more} more\n`)
    return 0
  },
}
