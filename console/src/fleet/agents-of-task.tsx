import type { TaskTreeAnswer } from '../../../src/api/contract.ts'
import type { FleetAnswer } from '../../../src/api/fleet-contract.ts'
import { Problem, Quiet } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'
import { AgentRows } from './agent-rows.tsx'
import { arrangeFleet } from './arrange-fleet.ts'
import { tasksIn } from './tasks-in.ts'

/** Where agents work for a task or one below it, and whether their hooks are heard. */
export function AgentsOfTask({ tree, marked }: Pick<TaskTreeAnswer, 'tree'> & { readonly marked: string }) {
  const { value, problem } = useResource<FleetAnswer>('/fleet?limit=1000')
  const tasks = tasksIn(tree)
  const rows = arrangeFleet(value?.agents ?? []).filter(({ task }) => tasks.has(task))
  return (
    <section className="part agents">
      <h2>Where its agents work</h2>
      <Problem words={problem} />
      {value !== undefined && rows.length === 0 ? (
        <Quiet>
          No agent whose latest task this is told of itself, and none of its hooks were heard: it is not known
          where it works, and its own tools are not asked about.
        </Quiet>
      ) : null}
      {rows.length === 0 ? null : <AgentRows rows={rows} task={marked} />}
    </section>
  )
}
