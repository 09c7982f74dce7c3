import type { HaltAnswer, HaltsAnswer, TaskAnswer } from '../api/contract.ts'
import { HALT_TARGETS, type HaltTarget } from '../core/standing.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, type Invocation, textFlag, UsageError } from './command.ts'
import { table } from './paint.ts'
import { plainLine } from './plain-text.ts'

/** What a kill or its end is about. */
interface Named {
  readonly target: HaltTarget | 'task'
  readonly id: string
}

const TARGET_FLAGS = [
  { name: 'agent', takes: 'name', summary: 'every task of an agent, by its id or kind' },
  { name: 'human', takes: 'name', summary: 'every task that this human delegated' },
  { name: 'server', takes: 'key', summary: 'every call of a server' },
]

export const kill: Command = {
  path: 'kill',
  summary: 'stop a task, an agent, a human’s tasks, a server or everything, with the next call',
  positionals: [],
  flags: [
    { name: 'task', takes: 'task', summary: 'one task and all below it, for good' },
    ...TARGET_FLAGS,
    { name: 'reason', takes: 'text', summary: 'why, for the record and for the agents that are stopped' },
    { name: 'list', summary: 'show what is stopped' },
  ],
  notes: `\`--tenant\` alone stops everything. Holds on every replica, is on record, and
cancels calls that are out. What is not a task is let go again with \`remit lift\`.`,
  run: async (invocation) => {
    const { io, json } = invocation
    if (invocation.flags['list'] === true) return list(invocation)
    const { target, id } = namedBy(invocation, 'kill')
    const reason = reasonOf(invocation, 'kill')
    const client = await openAdminClient(invocation, 'read')
    if (target === 'task') {
      const answer = await client.post<TaskAnswer>(`/tasks/${encodeURIComponent(id)}/revoke`, { reason })
      io.out(json ? `${JSON.stringify(answer)}\n` : `revoked ${answer.task.id}\n`)
      return 0
    }
    const answer = await client.post<HaltAnswer>('/halts', { target, id, reason })
    io.out(json ? `${JSON.stringify(answer)}\n` : `stopped ${target} ${plainLine(id)}\n`)
    return 0
  },
}

export const lift: Command = {
  path: 'lift',
  summary: 'let go again what was stopped with `remit kill`; needs an approver code',
  positionals: [],
  flags: [...TARGET_FLAGS, { name: 'reason', takes: 'text', summary: 'why, for the record' }],
  run: async (invocation) => {
    const { target, id } = namedBy(invocation, 'lift')
    const reason = reasonOf(invocation, 'lift')
    const client = await openAdminClient(invocation, 'decide')
    const answer = await client.post<HaltAnswer>('/halts/lift', { target, id, reason })
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `let go ${target} ${plainLine(id)}\n`)
    return 0
  },
}

async function list(invocation: Invocation): Promise<0> {
  const { io, json } = invocation
  const client = await openAdminClient(invocation, 'read')
  const answer = await client.get<HaltsAnswer>('/halts')
  if (json) io.out(`${JSON.stringify(answer)}\n`)
  else if (answer.halts.length === 0) io.out('nothing is stopped\n')
  else {
    const rows = answer.halts.map(({ target, id, at, by, reason }) => [
      target,
      plainLine(id),
      new Date(at).toISOString(),
      plainLine(by),
      plainLine(reason),
    ])
    io.out(table([['WHAT', 'NAME', 'SINCE', 'BY', 'REASON'], ...rows]))
  }
  return 0
}

/** Exactly one of them. */
function namedBy(invocation: Invocation, command: string): Named {
  const named = (['task', ...HALT_TARGETS] as const).flatMap((target) => {
    const id = textFlag(invocation, target)
    return id === undefined ? [] : [{ target, id }]
  })
  // Beside something else, `--tenant` says whose it is.
  const within = named.filter(({ target }) => target !== 'tenant')
  const [only] = within.length === 0 ? named : within
  if (only !== undefined && within.length <= 1) return only
  const flags = `${command === 'kill' ? '`--task`, ' : ''}\`--agent\`, \`--human\`, \`--server\`, \`--tenant\``
  throw new UsageError(`name one of ${flags}`, command)
}

function reasonOf(invocation: Invocation, command: string): string {
  const reason = textFlag(invocation, 'reason')
  if (reason !== undefined && reason.trim() !== '') return reason
  throw new UsageError('`--reason` is needed: it goes on record, and is what a stopped agent reads', command)
}
