import { writeFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { PolicyProposal } from '../server/replay/replay-answer.ts'
import { askPast, asksGateway } from './ask-past.ts'
import { type Command, type Invocation, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'
import { replayText } from './format-replay.ts'
import { PAST_FLAGS, pastFilter, progressLine } from './past-flags.ts'
import { plainLine } from './plain-text.ts'

const SUPPORT = 3

export const policyPropose: Command = {
  path: 'policy propose',
  summary: 'propose the least that a workflow needs, from what it did',
  positionals: [],
  flags: [
    { name: 'workflow', takes: 'name', required: true, summary: 'whose permits are made narrower' },
    { name: 'since', takes: 'time', summary: 'calls of this last time, as 7d or 12h (default 30d)' },
    {
      name: 'out',
      takes: 'folder',
      offers: 'folders',
      summary: 'write the proposal there as proposal.cedar',
    },
    {
      name: 'support',
      takes: 'number',
      summary: 'different things used before the folder that holds them is permitted (default 3)',
    },
    ...PAST_FLAGS.filter(({ name }) => name !== 'task'),
  ],
  notes:
    'Reads files only: no gateway need run; with `--live` the gateway reads them, for\nauditors. Prints Cedar that passes `policy check`, and on\nstandard error what it would have stopped and which permits were not used. It allows\nnothing that the policies in force do not; nothing is changed.',
  run: async (invocation) => {
    const { io, json } = invocation
    const proposal = await proposed(invocation)
    if (json) {
      io.out(`${JSON.stringify(proposal)}\n`)
      return 0
    }
    const folder = textFlag(invocation, 'out')
    if (folder === undefined) io.out(proposal.cedar)
    else await write(resolve(io.cwd, folder), proposal.cedar)
    const report = replayText(io, proposal.replay)
    io.err(`${summaryText(proposal)}\nbeside the policies in force:\n${report}`)
    return 0
  },
}

async function proposed(invocation: Invocation): Promise<PolicyProposal> {
  const { proposeOffline } = await import('../server/replay/propose-offline.ts')
  const support = Number(textFlag(invocation, 'support') ?? SUPPORT)
  if (!Number.isInteger(support) || support < 2)
    throw new UsageError('`--support` must be a whole number from 2 on')
  const filter = pastFilter(invocation, textFlag(invocation, 'since') ?? '30d', Date.now())
  const where = { ...configPlace(invocation), exported: textFlag(invocation, 'file') }
  const progress = progressLine(invocation)
  const workflow = textFlag(invocation, 'workflow') ?? ''
  try {
    if (!asksGateway(invocation))
      return await proposeOffline(where, {
        workflow,
        filter,
        support,
        progress: (records) => progress.tell(records),
      })
    const body = { ...filter, workflow, support }
    const { proposal } = await askPast(invocation, '/policies/propose', { body, progress })
    if (proposal === undefined) throw new UsageError('stopped before it was done')
    return proposal
  } finally {
    progress.done()
  }
}

async function write(folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'proposal.cedar'), text, { flag: 'wx' })
}

function summaryText({ workflow, calls, leftOut, unused }: PolicyProposal): string {
  const words = {
    opaque: 'were not understood whole',
    suspect: 'touched secrets or untrusted content, or came after them',
    'high-severity': 'had a gate of high severity',
    'not-permitted': 'are not permitted any more',
  } as const
  const left = Object.entries(words).flatMap(([why, said]) => {
    const count = leftOut[why as keyof typeof words]
    return count === 0 ? [] : [`left out: ${count} that ${said}\n`]
  })
  const never = unused.length === 0 ? '' : `not used: ${unused.map(plainLine).join(', ')}\n`
  return `made from ${calls} calls of ${plainLine(workflow)}\n${left.join('')}${never}`
}
