import type { TaskTreeAnswer } from '../../../src/api/contract.ts'
import type { FleetAnswer } from '../../../src/api/fleet-contract.ts'
import { Problem, Quiet } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'
import { AgentRows } from './agent-rows.tsx'
import { arrangeFleet } from './arrange-fleet.ts'
import { tasksIn } from './tasks-in.ts'

const MOST = 1_000
const NOBODY =
  'No agent is known to work for it: it went on to another task, or it told nothing of itself and nothing was heard of its hooks.'
const FURTHER = `None of the ${MOST.toLocaleString()} agents that were seen last works for it.`

/** Where agents work for a task or one below it, and whether their hooks are heard. */
export function AgentsOfTask({ tree, marked }: Pick<TaskTreeAnswer, 'tree'> & { readonly marked: string }) {
  const { value, problem } = useResource<FleetAnswer>(`/fleet?limit=${MOST}`)
  const tasks = tasksIn(tree)
  const rows = arrangeFleet(value?.agents ?? []).filter(({ task }) => tasks.has(task))
  return (
    <section className="part agents">
      <h2>Where its agents work</h2>
      <Problem words={problem} />
      {value === undefined || rows.length > 0 ? null : <Quiet>{value.more === 0 ? NOBODY : FURTHER}</Quiet>}
      {rows.length === 0 ? null : <AgentRows rows={rows} task={marked} />}
    </section>
  )
}
