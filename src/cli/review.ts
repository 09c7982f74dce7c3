import type { ReviewAnswer, SignOffAnswer } from '../api/contract.ts'
import { parseDuration } from '../server/parse-units.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import { type Command, type Invocation, textFlag, UsageError } from './command.ts'
import { progressText, reviewText } from './format-review-report.ts'

const ASK_EVERY_MS = 500

export const review: Command = {
  path: 'review',
  summary: 'what to look at: missing permits, doubtful approvals, new surface, standing authority',
  positionals: [],
  flags: [{ name: 'all', summary: 'also what is settled, and every item of a section' }],
  notes:
    'Looks at what happened since the last sign-off; for auditors and admins.\n`remit review mark` says what becomes of an item, `remit review sign-off` that\nthe review is done.',
  run: async (invocation) => {
    const { io, json, flags } = invocation
    const answer = await readReview(invocation, await openAdminClient(invocation, 'read'))
    io.out(json ? `${JSON.stringify(answer)}\n` : reviewText(io, answer, flags['all'] === true))
    return 0
  },
}

export const reviewMark: Command = {
  path: 'review mark',
  summary: 'say what becomes of an item of the review',
  positionals: [
    { name: 'item', summary: 'id of the item, as `remit review` shows it' },
    { name: 'mark', summary: 'what becomes of it', choices: ['accepted', 'todo', 'fixed'] },
  ],
  flags: [
    { name: 'comment', takes: 'text', required: true, summary: 'why, for the record' },
    { name: 'until', takes: 'time', summary: 'of accepted: for so long, as 90d; then it is open again' },
  ],
  notes: 'What is fixed and happens again is open again.',
  run: async (invocation) => {
    const [item = '', mark = ''] = invocation.positionals
    const span = textFlag(invocation, 'until')
    const until = span === undefined ? undefined : parseDuration(span)
    if (span !== undefined && (until === undefined || until === 0))
      throw new UsageError(`\`--until\` must be a time like 90d (found \`${span}\`)`)
    const client = await openAdminClient(invocation, 'decide')
    const answer = await client.post('/review/mark', {
      item,
      mark,
      comment: textFlag(invocation, 'comment'),
      ...(until === undefined ? {} : { until: Date.now() + until }),
    })
    invocation.io.out(invocation.json ? `${JSON.stringify(answer)}\n` : `${item} is ${mark}\n`)
    return 0
  },
}

export const reviewSignOff: Command = {
  path: 'review sign-off',
  summary: 'say that the review is done; the record holds what was reviewed and its digest',
  positionals: [],
  flags: [
    { name: 'comment', takes: 'text', required: true, summary: 'what came of it, for the record' },
    {
      name: 'digest',
      takes: 'digest',
      summary: 'of the report that you looked at; default: of the newest one that was made',
    },
  ],
  notes: 'For the owner of the review (`review.owner`), or any admin where there is none.',
  run: async (invocation) => {
    const { io, json } = invocation
    const client = await openAdminClient(invocation, 'decide')
    const digest =
      textFlag(invocation, 'digest') ?? (await client.get<ReviewAnswer>('/review')).report?.digest
    if (digest === undefined) throw new UsageError('no report was made yet; look at one: `remit review`')
    const body = { digest, comment: textFlag(invocation, 'comment') }
    const answer = await client.post<SignOffAnswer>('/review/sign-off', body)
    const due = new Date(answer.state.due).toISOString().slice(0, 10)
    io.out(
      json ? `${JSON.stringify(answer)}\n` : `signed off ${digest.slice(0, 16)}; the next is due ${due}\n`,
    )
    return 0
  },
}

/** A new report, waited for; how far it is, is told. */
async function readReview({ io, json }: Invocation, client: AdminClient): Promise<ReviewAnswer> {
  let answer = await client.get<ReviewAnswer>('/review', { fresh: 1 })
  while (answer.running !== undefined && !io.stopped.aborted) {
    if (!json) io.err(`${progressText(answer.running)}\n`)
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_EVERY_MS)
    })
    answer = await client.get<ReviewAnswer>('/review')
  }
  return answer
}
