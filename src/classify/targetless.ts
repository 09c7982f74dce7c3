import type { Action } from '../core/actions.ts'
import type { Operation } from '../core/operation.ts'
import type { ResourceType } from '../core/resource.ts'
import type { ExtractionContext } from './extract.ts'
import { unreadable } from './extract-paths.ts'

/** What each family of actions is done to, as the policy schema has it. */
const TARGETS: Readonly<Record<string, ResourceType>> = {
  account: 'Server',
  agent: 'Server',
  approve: 'Approval',
  browser: 'Server',
  ci: 'Repository',
  code: 'Program',
  completion: 'Prompt',
  control: 'Server',
  data: 'Server',
  deploy: 'Repository',
  elicitation: 'Server',
  git: 'Repository',
  infra: 'InfraObject',
  issue: 'Repository',
  message: 'Server',
  money: 'Account',
  net: 'Host',
  package: 'Package',
  pr: 'Repository',
  process: 'Process',
  prompt: 'Prompt',
  release: 'Repository',
  repo: 'Repository',
  resource: 'McpResource',
  roots: 'Server',
  sampling: 'Server',
  secret: 'Secret',
  shell: 'Program',
  sql: 'Database',
  tool: 'Tool',
}

/**
 * Actions whose target no argument names: done to the server where that says enough, else to something unknown, and
 * then not understood.
 */
export function targetless(context: ExtractionContext): readonly Operation[] {
  const { server, pointer } = context
  return context.actions.flatMap((action) => {
    const type = TARGETS[familyOf(action)]
    if (type === undefined) return unreadable({ actions: [action], pointer })
    const whole = type === 'Server'
    return {
      action,
      resource: { type, id: whole ? server : '?', ancestors: [] },
      labels: [],
      opaque: !whole,
      origin: { pointer },
    }
  })
}

function familyOf(action: Action): string {
  return action.split('.', 1)[0] ?? ''
}
