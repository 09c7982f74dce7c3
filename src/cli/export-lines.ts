import type { HeadAnswer } from '../api/contract.ts'
import type { ExportAnswer } from '../api/export-contract.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../core/export-formats.ts'
import type { RecordFilter } from '../audit/export/record-filter.ts'
import { RemitError } from '../core/errors.ts'
import type { RecordKind } from '../core/record.ts'
import { type AdminClient, openAdminClient } from './admin-client.ts'
import { type Invocation, listFlag, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'
import { momentFlag } from './moment-flag.ts'
import { plainLine } from './plain-text.ts'

type Query = Readonly<Record<string, string | number | undefined>>

interface Asked {
  readonly format: ExportFormat
  readonly content: boolean
  readonly filter: RecordFilter
}

/** The ledger as it was asked for: to be verified, or in a format for others, from the files or from the gateway. */
export async function* exportLines(invocation: Invocation): AsyncGenerator<string> {
  const format = textFlag(invocation, 'format') ?? 'ledger'
  const live = invocation.flags['live'] === true
  const content = invocation.flags['content'] === true
  const filter = filterOf(invocation)
  const known = EXPORT_FORMATS.find((each) => each === format)
  if (known !== undefined) {
    const asked = { format: known, content, filter }
    yield* live ? fromGateway(await openAdminClient(invocation, 'read'), asked) : fromFiles(invocation, asked)
    return
  }
  if (live || content || Object.keys(filter).length > 0) {
    throw new UsageError(
      'the format `ledger` is the whole, with which it is verified; name another with --format',
      'audit export',
    )
  }
  await tellGateway(invocation, { format: 'ledger', content: true, filter })
  const { exportOffline } = await import('../server/offline-ledger.ts')
  yield* exportOffline(configPlace(invocation))
}

async function* fromFiles(invocation: Invocation, asked: Asked): AsyncGenerator<string> {
  await tellGateway(invocation, asked)
  const { exportForOthers } = await import('../server/export-for-others.ts')
  yield* exportForOthers(configPlace(invocation), asked)
}

/** Whoever can read the files needs no gateway; where one runs, what they take is on record, else they are told that it is not. */
async function tellGateway(
  invocation: Invocation,
  { format, content, filter }: Omit<Asked, 'format'> & { readonly format: string },
): Promise<void> {
  try {
    const client = await openAdminClient(invocation, 'read', { quiet: true })
    await client.get('/records/export', { ...queryOf({ content, filter }), format, offline: 'true' })
  } catch (error) {
    if (!(error instanceof RemitError)) throw error
    invocation.io.err(`this export is not on record: ${plainLine(error.message)}\n`)
  }
}

function queryOf({ content, filter: { kinds, from, until } }: Omit<Asked, 'format'>): Query {
  return {
    from,
    until,
    kinds: kinds === undefined ? undefined : [...kinds].join(','),
    content: String(content),
  }
}

/** Up to where the ledger is when it begins: that it is exported is on record too, and would be without end. */
async function* fromGateway(client: AdminClient, { format, ...asked }: Asked): AsyncGenerator<string> {
  const before = (await client.get<HeadAnswer>('/head')).size
  let after: number | undefined = -1
  while (after !== undefined) {
    const page: ExportAnswer = await client.get<ExportAnswer>('/records/export', {
      format,
      after,
      before,
      ...queryOf(asked),
    })
    if (after === -1 && page.head !== '') yield page.head
    for (const { text } of page.batches) yield text
    after = page.next
  }
}

function filterOf(invocation: Invocation): RecordFilter {
  const kinds = listFlag(invocation, 'kind') as readonly RecordKind[] | undefined
  const from = momentFlag(invocation, 'from')
  const until = momentFlag(invocation, 'until')
  return {
    ...(kinds === undefined ? {} : { kinds: new Set(kinds) }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  }
}
