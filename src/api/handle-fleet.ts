import { countStates, type ListedAgent } from '../gate/fleet/list-fleet.ts'
import { type FleetAnswer, fleetQuery, type FleetRow } from './fleet-contract.ts'
import { actorOf, type Handler, parseQuery } from './route.ts'

export const listFleet: Handler = async ({ fleet }, request) => {
  const { state, agent, limit } = parseQuery(fleetQuery, request.query)
  const all = await fleet.list(actorOf(request))
  const asked = all.filter(
    (each) => (state === undefined || each.state === state) && (agent === undefined || each.agent === agent),
  )
  const json: FleetAnswer = {
    agents: asked.slice(0, limit).map(rowOf),
    more: Math.max(0, asked.length - limit),
    counts: countStates(all),
    wrong: all.filter(({ problems }) => problems.length > 0).length,
  }
  return { status: 200, json }
}

function rowOf(agent: ListedAgent): FleetRow {
  const { id, human, task, agent: name, state, first, seen, problems } = agent
  return {
    id,
    human,
    task,
    agent: name,
    version: agent.version ?? null,
    remit: agent.remit ?? null,
    machine: agent.machine ?? null,
    state,
    digest: agent.hooks?.digest ?? null,
    first,
    seen,
    heard: agent.heard ?? null,
    reported: agent.reported ?? null,
    irregular: agent.irregular ?? null,
    problems,
  }
}
