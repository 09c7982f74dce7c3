import type { HoldAnswer, HoldBody, HoldsAnswer } from '../api/contract.ts'
import type { HoldTarget } from '../core/erasure.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, type Invocation, textFlag, UsageError } from './command.ts'
import { table } from './paint.ts'
import { plainLine } from './plain-text.ts'
import { instantOf } from './time-flag.ts'

const REASON = { name: 'reason', takes: 'text', required: true, summary: 'why, for the record' }

export const auditHoldAdd: Command = {
  path: 'audit hold add',
  summary: 'forbid erasing of what a legal matter is about; needs an approver code',
  positionals: [],
  flags: [
    { name: 'all', summary: 'every record of the tenant' },
    { name: 'task', takes: 'task', summary: 'of this task and all below it' },
    { name: 'human', takes: 'name', summary: 'of this human’s tasks, and of what they did themselves' },
    { name: 'from', takes: 'time', summary: 'from a day or an RFC 3339 time on; with --until' },
    { name: 'until', takes: 'time', summary: 'until before a day or an RFC 3339 time' },
    REASON,
  ],
  run: async (invocation) => {
    const body: HoldBody = { covers: coversOf(invocation), reason: textFlag(invocation, 'reason') ?? '' }
    const client = await openAdminClient(invocation, 'decide')
    const answer = await client.post<HoldAnswer>('/holds', body)
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `${answer.hold.id} holds ${covered(answer.hold.covers)}\n`)
    return 0
  },
}

export const auditHoldRemove: Command = {
  path: 'audit hold remove',
  summary: 'lift a legal hold; needs the approver code of an auditor',
  positionals: [{ name: 'id', summary: 'id of the hold' }],
  flags: [REASON],
  run: async (invocation) => {
    const [id = ''] = invocation.positionals
    const client = await openAdminClient(invocation, 'decide')
    const body = { reason: textFlag(invocation, 'reason') ?? '' }
    const answer = await client.post<HoldAnswer>(`/holds/${encodeURIComponent(id)}/lift`, body)
    const { io, json } = invocation
    io.out(json ? `${JSON.stringify(answer)}\n` : `lifted ${answer.hold.id}\n`)
    return 0
  },
}

export const auditHoldList: Command = {
  path: 'audit hold list',
  summary: 'list what must not be erased',
  positionals: [],
  flags: [],
  run: async (invocation) => {
    const client = await openAdminClient(invocation, 'read')
    const answer = await client.get<HoldsAnswer>('/holds')
    const { io, json } = invocation
    if (json) io.out(`${JSON.stringify(answer)}\n`)
    else if (answer.holds.length === 0) io.out('nothing is held\n')
    else {
      const rows = answer.holds.map(({ id, covers, at, by, reason }) => [
        id,
        covered(covers),
        new Date(at).toISOString(),
        plainLine(by),
        plainLine(reason),
      ])
      io.out(table([['ID', 'HOLDS', 'SINCE', 'BY', 'REASON'], ...rows]))
    }
    return 0
  },
}

/** Exactly one of them. */
function coversOf(invocation: Invocation): HoldTarget {
  const command = 'audit hold add'
  const [task, human, from, until] = ['task', 'human', 'from', 'until'].map((name) =>
    textFlag(invocation, name),
  )
  const named: HoldTarget[] = []
  if (invocation.flags['all'] === true) named.push({ target: 'tenant' })
  if (task !== undefined) named.push({ target: 'task', task })
  if (human !== undefined) named.push({ target: 'human', human })
  if (from !== undefined && until !== undefined) {
    const [start, end] = [
      instantOf(from, { flag: 'from', command }),
      instantOf(until, { flag: 'until', command }),
    ]
    if (start >= end) throw new UsageError('`--from` must be before `--until`', command)
    named.push({ target: 'time', from: start, until: end })
  } else if (from !== undefined || until !== undefined) {
    throw new UsageError('`--from` and `--until` belong together', command)
  }
  const [only] = named
  if (only !== undefined && named.length === 1) return only
  throw new UsageError('name one of `--all`, `--task`, `--human`, and `--from` with `--until`', command)
}

function covered(covers: HoldTarget): string {
  switch (covers.target) {
    case 'tenant':
      return 'everything'
    case 'task':
      return `task ${plainLine(covers.task)}`
    case 'human':
      return `human ${plainLine(covers.human)}`
    case 'time':
      return `${new Date(covers.from).toISOString()} to ${new Date(covers.until).toISOString()}`
  }
}
