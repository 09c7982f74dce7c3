import type { Human } from '../core/identity.ts'
import type { WorkflowTemplate } from '../identity/workflow.ts'

/** A kind of work as a person is shown it. */
export type DelegableWorkflow = Omit<WorkflowTemplate, 'description' | 'owner' | 'teams' | 'loops'> & {
  readonly name: string
  readonly description: string
}

/** The kinds of work that this human may delegate. */
export function delegableWorkflows(
  workflows: ReadonlyMap<string, WorkflowTemplate>,
  human: Human,
): readonly DelegableWorkflow[] {
  return [...workflows]
    .filter(([, { teams }]) => teams === undefined || teams.some(({ team }) => human.teams.includes(team)))
    .map(([name, { description = '', ...template }]) => ({ ...template, name, description }))
}
