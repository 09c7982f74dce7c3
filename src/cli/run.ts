import { resolve } from 'node:path'
import type { IssuedTaskAnswer, TaskAnswer } from '../api/contract.ts'
import type { AgentWish, PreparedAgent } from '../server/run-agent/run-agent.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import { type Command, type Invocation, listFlag, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'
import { wishFlags, wishOf } from './task-create.ts'

/** The box says where the agent runs, and the relay holds its task. */
const SAID_BY_BOX = new Set(['environment', 'dpop-jkt', 'cert-thumbprint'])

export const run: Command = {
  path: 'run',
  summary: 'start an agent in a sandbox, with a task of its own',
  positionals: [{ name: 'agent', rest: true, summary: 'program and its arguments, after `--`' }],
  flags: [
    { name: 'workflow', takes: 'name', summary: 'kind of work, as configured' },
    { name: 'intent', takes: 'text', summary: 'what the task is for, in a sentence' },
    {
      name: 'task',
      takes: 'id',
      summary: 'go on with this task of yours instead; who held it does not any more',
    },
    { name: 'keep', summary: 'do not complete the task when the agent ends' },
    { name: 'no-sandbox', summary: 'start it in the open; the task counts as not sandboxed' },
    {
      name: 'allow-read',
      takes: 'path',
      many: true,
      offers: 'files',
      summary: 'let the sandbox read this beside the workspace',
    },
    { name: 'env', takes: 'name', many: true, summary: 'hand on this variable of your environment' },
    ...wishFlags.filter(({ name }) => !SAID_BY_BOX.has(name)),
  ],
  notes: `The agent sees its workspace (default: this folder), the programs of the machine
and copies of its own settings; neither Remit's state and configuration, nor
your credentials, sockets and processes. It reaches the network as you do, and
the gateway through a relay that holds the task's key: REMIT_AGENT_URL,
REMIT_MCP_URL and REMIT_TOKEN say where, and are of no use elsewhere.
\`remit connect\` and \`remit-hook\` find it by themselves. Ends with the agent's
exit code. docs/sandbox.md`,
  run: async (invocation) => {
    const { prepareAgent, runAgent } = await import('../server/run-agent/run-agent.ts')
    const client = await openAdminClient(asProgram(invocation), 'read')
    const taken = await takenTask(invocation, client)
    const agent = prepareAgent(configPlace(invocation), wishFor(invocation, taken))
    const { task, token, url } =
      taken === undefined
        ? await client.post<IssuedTaskAnswer>('/tasks', newTask(invocation, agent))
        : await take(client, taken, agent)
    tell(invocation, { task, boxed: agent.bubblewrap !== undefined })
    try {
      return await runAgent(agent, {
        ...configPlace(invocation),
        endpoint: url,
        token,
        read: (listFlag(invocation, 'allow-read') ?? []).map((path) => resolve(invocation.io.cwd, path)),
        named: listFlag(invocation, 'env') ?? [],
      })
    } finally {
      if (invocation.flags['keep'] !== true) await complete(invocation, client, task.id)
    }
  },
}

/** The credential on disk alone may say that an agent is in a box, and its work is to be completed after Ctrl-C too. */
function asProgram(invocation: Invocation): Invocation {
  const { REMIT_APPROVER: _code, ...environ } = invocation.io.environ
  return { ...invocation, io: { ...invocation.io, environ, stopped: new AbortController().signal } }
}

async function takenTask(
  invocation: Invocation,
  client: AdminClient,
): Promise<TaskAnswer['task'] | undefined> {
  const id = textFlag(invocation, 'task')
  if (id === undefined) return undefined
  for (const other of ['workflow', 'intent'] as const) {
    if (textFlag(invocation, other) !== undefined) {
      throw new UsageError(`\`--${other}\` is for a new task, and \`--task\` for one that is there`, 'run')
    }
  }
  return (await client.get<TaskAnswer>(`/tasks/${encodeURIComponent(id)}`)).task
}

function wishFor(invocation: Invocation, taken: TaskAnswer['task'] | undefined): AgentWish {
  return {
    command: invocation.positionals,
    workspace: textFlag(invocation, 'workspace') ?? taken?.workspace,
    boxed: invocation.flags['no-sandbox'] !== true,
  }
}

/** @throws UsageError. */
function newTask(invocation: Invocation, agent: PreparedAgent): object {
  const workflow = textFlag(invocation, 'workflow')
  const intent = textFlag(invocation, 'intent')
  if (workflow === undefined || intent === undefined) {
    throw new UsageError('`run` needs `--workflow <name>` and `--intent <text>`, or `--task <id>`', 'run')
  }
  return {
    agent: { id: agent.home.kind, kind: agent.home.kind },
    ...wishOf(invocation, 'run'),
    workflow,
    intent,
    workspace: agent.workspace,
    holder: agent.key.thumbprint,
    ...(agent.bubblewrap === undefined ? {} : { boxed: true }),
  }
}

function take(
  client: AdminClient,
  task: TaskAnswer['task'],
  agent: PreparedAgent,
): Promise<IssuedTaskAnswer> {
  const again = agent.bubblewrap !== undefined && isProved(task)
  return client.post<IssuedTaskAnswer>(`/tasks/${encodeURIComponent(task.id)}/token`, {
    holder: agent.key.thumbprint,
    ...(again ? { boxed: true } : {}),
  })
}

function isProved({ environment, environmentProved }: TaskAnswer['task']): boolean {
  return environment === 'sandbox' && environmentProved
}

function tell(
  { io }: Invocation,
  { task, boxed }: { readonly task: TaskAnswer['task']; readonly boxed: boolean },
): void {
  const why = boxed ? 'the task was not made for a sandbox' : 'the agent is not in one'
  const counts = isProved(task) ? 'sandboxed' : paint(io, 'yellow', `not sandboxed: ${why}`)
  io.err(`remit: task ${plainLine(task.id)}, ${counts}\n`)
}

async function complete({ io }: Invocation, client: AdminClient, id: string): Promise<void> {
  try {
    await client.post<TaskAnswer>(`/tasks/${encodeURIComponent(id)}/complete`, {})
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    io.err(`remit: the task ${plainLine(id)} could not be completed: ${plainLine(why)}\n`)
  }
}
