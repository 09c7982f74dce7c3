import { basename } from 'node:path'
import type { ReplayReport } from '../server/replay/replay-answer.ts'
import { askPast, asksGateway } from './ask-past.ts'
import { type Command, type Invocation, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'
import { replayText } from './format-replay.ts'
import { PAST_FLAGS, pastFilter, progressLine } from './past-flags.ts'

export const policyReplay: Command = {
  path: 'policy replay',
  summary: 'say what other policies would have made of past calls',
  positionals: [],
  flags: [
    {
      name: 'policies',
      takes: 'folder',
      offers: 'folders',
      required: true,
      summary: 'the policies to try',
    },
    { name: 'since', takes: 'time', summary: 'calls of this last time, as 7d or 12h (default 7d)' },
    {
      name: 'against',
      takes: 'what',
      choices: ['record', 'current'],
      summary: 'compare with what was decided (record, the default) or with the policies in force',
    },
    { name: 'workflow', takes: 'name', summary: 'only tasks of this workflow' },
    ...PAST_FLAGS,
    {
      name: 'fail-on',
      takes: 'change',
      choices: ['loosened', 'tightened'],
      many: true,
      summary: 'exit with 1 when a decision is loosened or tightened',
    },
  ],
  notes:
    'Reads files only: no gateway need run, and one that runs is not disturbed; with `--live`\nthe gateway reads them, for auditors and admins (who see no resources). Every\ndecision is made again with the clock, facts and people of then; people answer as\nthey did. `remit explain` takes the number of an example.',
  run: async (invocation) => {
    const { io, json } = invocation
    const report = await replayed(invocation)
    io.out(json ? `${JSON.stringify(report)}\n` : replayText(io, report))
    const fatal = invocation.flags['fail-on']
    const directions = Array.isArray(fatal) ? (fatal as readonly string[]) : []
    return report.transitions.some(({ direction }) => directions.includes(direction)) ? 1 : 0
  },
}

async function replayed(invocation: Invocation): Promise<ReplayReport> {
  const { replayOffline } = await import('../server/replay/replay-offline.ts')
  const progress = progressLine(invocation)
  const filter = pastFilter(invocation, textFlag(invocation, 'since') ?? '7d', Date.now())
  const where = { ...configPlace(invocation), exported: textFlag(invocation, 'file') }
  const against = textFlag(invocation, 'against') === 'current' ? 'current' : 'record'
  try {
    if (asksGateway(invocation)) {
      const body = { ...filter, against, files: await policyFiles(invocation) }
      const { report } = await askPast(invocation, '/policies/replay', { body, progress })
      if (report === undefined) throw new UsageError('stopped before it was done')
      return report
    }
    return await replayOffline(where, {
      policies: textFlag(invocation, 'policies') ?? '',
      against,
      filter,
      progress: (records) => progress.tell(records),
    })
  } finally {
    progress.done()
  }
}

/** Of the folder that is to be tried, as the gateway is sent them. */
async function policyFiles(
  invocation: Invocation,
): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const { packFolder } = await import('../server/load-pack.ts')
  const { readPack } = await import('../policy/read-pack.ts')
  const folder = packFolder(invocation.io.cwd, textFlag(invocation, 'policies') ?? '')
  return (await readPack(folder)).map(({ file, text }) => ({ name: basename(file), text }))
}
