import type { AuditQueryAnswer } from '../api/audit-contract.ts'
import { RemitError } from '../core/errors.ts'
import { sessionQuery } from '../core/session/session-query.ts'
import { type SessionRecord, type SessionStep, sessionSteps } from '../core/session/session-steps.ts'
import { stepWords } from '../core/session/step-words.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, countFlag, type Io } from './command.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

const PAGE = 1_000
/** Records of one session that are read. */
const MOST = 100_000

export const taskReplay: Command = {
  path: 'task replay',
  summary: 'go through what a task and all below it did: asked, decided and why, consent, answer',
  positionals: [{ name: 'task', summary: 'id of the task' }],
  flags: [{ name: 'step', takes: 'number', summary: 'only this step' }],
  notes:
    'A call is one step, with all that was decided and agreed about it. What was sent and answered is for auditors\n' +
    'and the human whose task it is. Reading it is itself on record; the console has it to step through.',
  run: async (invocation) => {
    const { io, json } = invocation
    const [id = ''] = invocation.positionals
    const wanted = countFlag(invocation, 'step', MOST)
    const client = await openAdminClient(invocation, 'read')
    const q = sessionQuery(id)
    const records: SessionRecord[] = []
    let past: number | undefined
    do {
      const page = await client.get<AuditQueryAnswer>('/records/query', { q, past, limit: PAGE })
      records.push(...page.records)
      past = page.next
    } while (past !== undefined && records.length < MOST)
    const steps = sessionSteps(records, id)
    const from = wanted === undefined ? 0 : wanted - 1
    const shown = steps.slice(from, wanted ?? steps.length)
    if (shown.length === 0)
      throw new RemitError(
        'not_found',
        steps.length === 0
          ? `no record is of the task \`${id}\`; see \`remit task list\``
          : `the session has ${steps.length} steps`,
      )
    for (const [at, step] of shown.entries()) {
      const number = from + at + 1
      io.out(json ? `${stepJson(step, number)}\n` : stepText(io, step, `${number}/${steps.length}`))
    }
    if (past !== undefined)
      io.err(`the session goes on: only its first ${records.length} records were read\n`)
    return 0
  },
}

function stepJson(step: SessionStep, number: number): string {
  const records = step.records.map(({ index }) => index)
  return JSON.stringify({
    step: number,
    depth: step.depth,
    at: step.at,
    ...stepWords(step),
    records,
  })
}

function stepText(io: Io, step: SessionStep, number: string): string {
  const { title, verdict, asked, decided, consent, answered } = stepWords(step)
  const indent = '  '.repeat(step.depth)
  const head = [number, step.at, title, verdict ?? ''].join('  ').trimEnd()
  const part = (name: string, lines: readonly string[]): readonly string[] =>
    lines.map((line, at) => `  ${(at === 0 ? name : '').padEnd(9)} ${plainLine(line)}`)
  return [
    paint(io, 'bold', plainLine(head)),
    ...part('asked', asked),
    ...part('decided', decided),
    ...part('consent', consent),
    ...part('answered', answered),
    '',
  ]
    .map((line) => `${line === '' ? '' : indent}${line}\n`)
    .join('')
}
