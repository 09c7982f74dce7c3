import type { Human } from '../core/identity.ts'
import type { WorkflowTemplate } from '../identity/workflow.ts'

/** A kind of work as a person is shown it; of its teams, their own. */
export type DelegableWorkflow = Omit<WorkflowTemplate, 'description' | 'owner' | 'loops'> & {
  readonly name: string
  readonly description: string
}

/** The kinds of work that this human may delegate. */
export function delegableWorkflows(
  workflows: ReadonlyMap<string, WorkflowTemplate>,
  human: Human,
): readonly DelegableWorkflow[] {
  return [...workflows]
    .map(([name, { description = '', teams, ...template }]) => {
      const theirs = teams?.filter(({ team }) => human.teams.includes(team))
      return { ...template, name, description, ...(theirs === undefined ? {} : { teams: theirs }) }
    })
    .filter(({ teams }) => teams === undefined || teams.length > 0)
}
