import { resolve } from 'node:path'
import type { CreateTaskBody, IssuedTaskAnswer } from '../api/contract.ts'
import { ENVIRONMENTS, type Environment } from '../core/identity.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, type Flag, type Invocation, listFlag, textFlag } from './command.ts'
import { budgetFlags, budgetFrom } from './task-budget.ts'
import { issuedText } from './format-task.ts'
import { lifetimeOf } from './task-lifetime.ts'

/** Flag to the dimension of the scope that it narrows. */
const DIMENSIONS = {
  server: 'servers',
  tool: 'tools',
  action: 'actions',
  repository: 'repositories',
  branch: 'branches',
  path: 'paths',
  host: 'hosts',
} as const

/** What a new task may be told beside its workflow and intent. */
export const wishFlags: readonly Flag[] = [
  { name: 'workspace', takes: 'folder', offers: 'folders', summary: 'folder that the agent works in' },
  { name: 'environment', takes: 'where', choices: ENVIRONMENTS, summary: 'where the agent runs' },
  { name: 'expires', takes: 'duration', summary: 'how long the task lives, as `2h`' },
  { name: 'agent', takes: 'name', summary: 'which agent it is for, as `claude-code`' },
  ...budgetFlags,
  ...Object.keys(DIMENSIONS).map((name) => ({
    name,
    takes: 'pattern',
    many: true,
    summary: `narrow the task to these ${DIMENSIONS[name as keyof typeof DIMENSIONS]}`,
  })),
]

export const taskCreate: Command = {
  path: 'task create',
  summary: 'delegate a task to an agent and print its token',
  positionals: [],
  flags: [
    { name: 'workflow', takes: 'name', required: true, summary: 'kind of work, as configured' },
    { name: 'intent', takes: 'text', required: true, summary: 'what the task is for, in a sentence' },
    ...wishFlags,
  ],
  notes: `A dimension that is left out comes from the workflow; an empty pattern ('')
permits nothing in it. The token is shown once and is good until the task
expires or is revoked.`,
  run: async (invocation) => {
    const body = bodyOf(invocation)
    const client = await openAdminClient(invocation, 'read')
    const issued = await client.post<IssuedTaskAnswer>('/tasks', body)
    invocation.io.out(issuedText(invocation, issued))
    return 0
  },
}

function bodyOf(invocation: Invocation): CreateTaskBody {
  return {
    workflow: textFlag(invocation, 'workflow') ?? '',
    intent: textFlag(invocation, 'intent') ?? '',
    ...wishOf(invocation, 'task create'),
  }
}

/** @throws UsageError. */
export function wishOf(invocation: Invocation, command: string): Omit<CreateTaskBody, 'workflow' | 'intent'> {
  const workspace = textFlag(invocation, 'workspace')
  const environment = textFlag(invocation, 'environment')
  const agent = textFlag(invocation, 'agent')
  const budget = budgetFrom(invocation, command)
  const lifetime = lifetimeOf(textFlag(invocation, 'expires'), command)
  return {
    scope: scopeOf(invocation),
    ...(workspace === undefined ? {} : { workspace: resolve(invocation.io.cwd, workspace) }),
    ...(environment === undefined ? {} : { environment: environment as Environment }),
    ...(agent === undefined ? {} : { agent: { id: agent, kind: agent } }),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(budget === undefined ? {} : { budget }),
  }
}

function scopeOf(invocation: Invocation): NonNullable<CreateTaskBody['scope']> {
  const scope: NonNullable<CreateTaskBody['scope']> = {}
  for (const [flag, dimension] of Object.entries(DIMENSIONS)) {
    const given = listFlag(invocation, flag)
    if (given !== undefined) scope[dimension] = given.filter((pattern) => pattern !== '')
  }
  return scope
}
