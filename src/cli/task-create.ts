import { resolve } from 'node:path'
import type { CreateTaskBody, IssuedTaskAnswer } from '../api/contract.ts'
import { ENVIRONMENTS, type Environment } from '../core/identity.ts'
import { hasWorkloadToken, type WorkloadPlace } from '../server/workload-token.ts'
import { openAdminClient } from './admin-client.ts'
import {
  type Command,
  type ExitCode,
  type Flag,
  type Invocation,
  listFlag,
  textFlag,
  UsageError,
} from './command.ts'
import { budgetFlags, budgetFrom } from './task-budget.ts'
import { configPlace } from './config-place.ts'
import { issuedText } from './format-task.ts'
import { holderFlags, holderOf } from './task-holder.ts'
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
  ...holderFlags,
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
    { name: 'workflow', takes: 'name', summary: 'kind of work, as configured (a workload’s is set)' },
    { name: 'intent', takes: 'text', required: true, summary: 'what the task is for, in a sentence' },
    ...wishFlags,
    {
      name: 'workload-token-file',
      takes: 'file',
      offers: 'files',
      summary: 'begin it as a workload, with the token in this file',
    },
    { name: 'workload', takes: 'name', summary: 'which of `workloads` it is (default: the first that fits)' },
    {
      name: 'key-file',
      takes: 'file',
      offers: 'files',
      summary: 'file of the key that is to hold it, made where there is none, for a workload',
    },
    { name: 'url', takes: 'url', summary: 'MCP endpoint of the gateway, for a workload' },
  ],
  notes: `A dimension that is left out comes from the workflow; an empty pattern ('')
permits nothing in it. The token is shown once and is good until the task
expires or is revoked. A workload (CI, a pod) proves itself by the token in
--workload-token-file or REMIT_WORKLOAD_TOKEN: docs/workloads.md. With
--key-file or REMIT_TASK_KEY its task is held by that key from the start.`,
  run: async (invocation) => {
    if (hasWorkloadToken(placeOf(invocation))) return beginAsWorkload(invocation)
    const body = bodyOf(invocation)
    const client = await openAdminClient(invocation, 'read')
    const issued = await client.post<IssuedTaskAnswer>('/tasks', body)
    invocation.io.out(issuedText(invocation, issued))
    return 0
  },
}

async function beginAsWorkload(invocation: Invocation): Promise<ExitCode> {
  const { io } = invocation
  const { requestWorkloadTask } = await import('../server/request-workload-task.ts')
  const issued = await requestWorkloadTask(placeOf(invocation), {
    wish: {
      intent: textFlag(invocation, 'intent') ?? '',
      workflow: textFlag(invocation, 'workflow'),
      workload: textFlag(invocation, 'workload'),
      task: wishOf(invocation, 'task create'),
    },
    signal: io.stopped,
  })
  io.out(issuedText(invocation, issued))
  return 0
}

function placeOf(invocation: Invocation): WorkloadPlace {
  return {
    ...configPlace(invocation),
    url: textFlag(invocation, 'url'),
    workloadTokenFile: textFlag(invocation, 'workload-token-file'),
    keyFile: textFlag(invocation, 'key-file'),
  }
}

/** @throws UsageError. */
function bodyOf(invocation: Invocation): CreateTaskBody {
  const workflow = textFlag(invocation, 'workflow')
  if (textFlag(invocation, 'key-file') !== undefined) {
    throw new UsageError(
      '`--key-file` is for a workload; name a key with `--dpop-jkt`, a certificate with `--cert-thumbprint`, or let `remit connect` bind the task',
      'task create',
    )
  }
  if (workflow === undefined) throw new UsageError('`task create` needs `--workflow <name>`', 'task create')
  return {
    workflow,
    intent: textFlag(invocation, 'intent') ?? '',
    ...wishOf(invocation, 'task create'),
  }
}

/** @throws UsageError. */
export function wishOf(invocation: Invocation, command: string): Omit<CreateTaskBody, 'workflow' | 'intent'> {
  const workspace = textFlag(invocation, 'workspace')
  const environment = textFlag(invocation, 'environment')
  const agent = textFlag(invocation, 'agent')
  const holder = holderOf(invocation, command)
  const budget = budgetFrom(invocation, command)
  const lifetime = lifetimeOf(textFlag(invocation, 'expires'), command)
  return {
    scope: scopeOf(invocation),
    ...(workspace === undefined ? {} : { workspace: resolve(invocation.io.cwd, workspace) }),
    ...(environment === undefined ? {} : { environment: environment as Environment }),
    ...(agent === undefined ? {} : { agent: { id: agent, kind: agent } }),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(budget === undefined ? {} : { budget }),
    ...(holder === undefined ? {} : { holder }),
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
