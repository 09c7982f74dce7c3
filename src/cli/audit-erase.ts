import type { ErasureAnswer, ErasureBody, ErasureCountAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import { parseDuration } from '../server/parse-units.ts'
import { openAdminClient } from './admin-client.ts'
import { askLine, canAsk } from './ask-line.ts'
import { type Command, type Invocation, textFlag, UsageError } from './command.ts'
import { plainLine } from './plain-text.ts'
import { instantOf } from './time-flag.ts'

const COMMAND = 'audit erase'

export const auditErase: Command = {
  path: COMMAND,
  summary: 'destroy the content of records for good; needs an approver code',
  positionals: [],
  flags: [
    { name: 'records', takes: 'range', summary: 'by index, as `120` or `100-199`' },
    { name: 'task', takes: 'task', summary: 'of this task and all below it' },
    { name: 'human', takes: 'name', summary: 'of this human’s tasks, and of what they did themselves' },
    { name: 'before', takes: 'time', summary: 'older than a day, an RFC 3339 time or an age as `90d`' },
    { name: 'payload-only', summary: 'arguments, results and error texts; all else stays' },
    { name: 'reason', takes: 'text', summary: 'why, for the record; it is never erased, so name nobody' },
    { name: 'dry-run', summary: 'say what would be destroyed, and destroy nothing' },
    { name: 'yes', summary: 'do not ask' },
  ],
  notes: `What is named together has to be so together. Salts go with the content, and so do
the approvals, grants and ended tasks that repeat it. Records, ids and proofs stay,
and \`remit audit verify\` lists the erasure. A legal hold forbids it. Backups, exports
and what a SIEM was sent are elsewhere: they are not reached from here.`,
  run: async (invocation) => {
    const { io, json, flags } = invocation
    const wish = wishOf(invocation)
    const dry = flags['dry-run'] === true
    const reason = textFlag(invocation, 'reason') ?? ''
    if (!dry && reason.trim() === '') throw new UsageError('`--reason` is needed: it goes on record', COMMAND)
    const client = await openAdminClient(invocation, dry ? 'read' : 'decide')
    const { records, ...rest } = wish.selection
    const found = await client.get<ErasureCountAnswer>('/erasures/count', {
      ...rest,
      records: records?.join('-'),
      parts: wish.parts?.join(','),
    })
    if (dry) {
      io.out(json ? `${JSON.stringify(found)}\n` : `would destroy ${said(found)}\n${notes(found)}`)
      return 0
    }
    if (flags['yes'] !== true) await confirm(found)
    const done = await client.post<ErasureAnswer>('/erasures', { ...wish, reason })
    io.out(
      json ? `${JSON.stringify(done)}\n` : `destroyed ${said(done)}: order ${done.order}\n${notes(done)}`,
    )
    return 0
  },
}

function wishOf(invocation: Invocation): Omit<ErasureBody, 'reason'> {
  const [records, task, human, before] = ['records', 'task', 'human', 'before'].map((name) =>
    textFlag(invocation, name),
  )
  if ([records, task, human, before].every((one) => one === undefined)) {
    throw new UsageError('name what to erase: `--records`, `--task`, `--human` or `--before`', COMMAND)
  }
  return {
    selection: {
      ...(records === undefined ? {} : { records: rangeOf(records) }),
      ...(task === undefined ? {} : { task }),
      ...(human === undefined ? {} : { human }),
      ...(before === undefined ? {} : { before: timeOf(before) }),
    },
    parts: invocation.flags['payload-only'] === true ? ['payload'] : ['detail', 'payload'],
  }
}

function rangeOf(text: string): [first: number, last: number] {
  const found = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text)
  const [first, last] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])]
  if (found !== null && first <= last) return [first, last]
  throw new UsageError(`\`--records\` must be like \`120\` or \`100-199\` (found \`${text}\`)`, COMMAND)
}

function timeOf(text: string): number {
  const age = parseDuration(text)
  return age === undefined ? instantOf(text, { flag: 'before', command: COMMAND }) : Date.now() - age
}

async function confirm(found: ErasureCountAnswer): Promise<void> {
  if (!canAsk())
    throw new UsageError('this is no terminal: give `--yes` to go on without a question', COMMAND)
  const answer = await askLine(`destroy ${said(found)} for good? Type \`erase\`: `)
  if (answer !== 'erase') throw new RemitError('input_invalid', 'nothing was erased')
}

function said({ records, approvals, grants, tasks }: ErasureCountAnswer): string {
  return `the content of ${records} records, ${approvals} approvals, ${grants} grants and ${tasks} tasks`
}

function notes({ held, holds, live }: ErasureCountAnswer): string {
  const kept = held === 0 ? '' : `${held} records are kept by a legal hold: ${holds.join(', ')}\n`
  if (live.length === 0) return kept
  const tasks = plainLine(live.join(', '))
  return `${kept}tasks still run, or are asked about, and keep what they work with; end them and run this again: ${tasks}\n`
}
