import { resolve } from 'node:path'
import type { CreateTaskBody, IssuedTaskAnswer } from '../api/contract.ts'
import { ENVIRONMENTS, type Environment } from '../core/identity.ts'
import { parseDuration } from '../server/parse-units.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, type Invocation, listFlag, textFlag, UsageError } from './command.ts'
import { taskText } from './format-task.ts'
import { paint } from './paint.ts'

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

export const taskCreate: Command = {
  path: 'task create',
  summary: 'delegate a task to an agent and print its token',
  positionals: [],
  flags: [
    { name: 'workflow', takes: 'name', required: true, summary: 'kind of work, as configured' },
    { name: 'intent', takes: 'text', required: true, summary: 'what the task is for, in a sentence' },
    { name: 'workspace', takes: 'folder', offers: 'folders', summary: 'folder that the agent works in' },
    { name: 'environment', takes: 'where', choices: ENVIRONMENTS, summary: 'where the agent runs' },
    { name: 'expires', takes: 'duration', summary: 'how long the task lives, as `2h`' },
    { name: 'agent', takes: 'name', summary: 'which agent it is for, as `claude-code`' },
    ...Object.keys(DIMENSIONS).map((name) => ({
      name,
      takes: 'pattern',
      many: true,
      summary: `narrow the task to these ${DIMENSIONS[name as keyof typeof DIMENSIONS]}`,
    })),
  ],
  notes: `A dimension that is left out comes from the workflow; an empty pattern ('')
permits nothing in it. The token is shown once and is good until the task
expires or is revoked.`,
  run: async (invocation) => {
    const body = bodyOf(invocation)
    const client = await openAdminClient(invocation, 'read')
    const issued = await client.post<IssuedTaskAnswer>('/tasks', body)
    const { io, json } = invocation
    if (json) {
      io.out(`${JSON.stringify({ task: issued.task, token: issued.token, url: issued.url })}\n`)
      return 0
    }
    io.out(taskText(issued.task, Date.now()))
    io.out(`\n${paint(io, 'bold', 'url')}    ${issued.url}\n${paint(io, 'bold', 'token')}  ${issued.token}\n`)
    return 0
  },
}

function bodyOf(invocation: Invocation): CreateTaskBody {
  const workspace = textFlag(invocation, 'workspace')
  const environment = textFlag(invocation, 'environment')
  const agent = textFlag(invocation, 'agent')
  const lifetime = lifetimeOf(textFlag(invocation, 'expires'))
  return {
    workflow: textFlag(invocation, 'workflow') ?? '',
    intent: textFlag(invocation, 'intent') ?? '',
    scope: scopeOf(invocation),
    ...(workspace === undefined ? {} : { workspace: resolve(invocation.io.cwd, workspace) }),
    ...(environment === undefined ? {} : { environment: environment as Environment }),
    ...(agent === undefined ? {} : { agent: { id: agent, kind: agent } }),
    ...(lifetime === undefined ? {} : { lifetime }),
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

function lifetimeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const lifetime = parseDuration(text)
  if (lifetime !== undefined) return lifetime
  throw new UsageError(
    `\`--expires\` must be a duration like \`45m\` or \`2h\` (found \`${text}\`)`,
    'task create',
  )
}
