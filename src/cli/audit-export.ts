import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RemitError } from '../core/errors.ts'
import { RECORD_KINDS } from '../core/record.ts'
import { EXPORT_FORMATS } from '../core/export-formats.ts'
import { type Command, textFlag } from './command.ts'
import { exportLines } from './export-lines.ts'

export const auditExport: Command = {
  path: 'audit export',
  summary: 'write the ledger so that `audit verify` can check it, or in a format for others',
  positionals: [],
  flags: [
    {
      name: 'output',
      takes: 'file',
      offers: 'files',
      summary: 'new file to write (default: standard output)',
    },
    {
      name: 'format',
      takes: 'format',
      choices: ['ledger', ...EXPORT_FORMATS],
      summary: '`ledger` can be verified (default); the others are for other programs',
    },
    { name: 'from', takes: 'time', summary: 'records from then on: a date, RFC 3339, or back like 7d' },
    { name: 'until', takes: 'time', summary: 'records before then' },
    {
      name: 'kind',
      takes: 'kind',
      many: true,
      choices: RECORD_KINDS,
      summary: 'records of this kind only; may be given many times',
    },
    { name: 'content', summary: 'also arguments, results, reasons and comments' },
    { name: 'live', summary: 'ask the gateway, as far as your role allows, instead of reading files' },
  ],
  notes:
    'Reads files. That goes on record where the gateway runs, else it says that it did not; with --live\nthe gateway is asked, page by page. The format `ledger` and --content hold arguments and results of calls: keep them\nas safe as the ledger. docs/export.md says what stands where in each format.',
  run: async (invocation) => {
    const { io, json } = invocation
    const output = textFlag(invocation, 'output')
    if (output === undefined) {
      for await (const line of exportLines(invocation)) io.out(line)
      return 0
    }
    const path = resolve(io.cwd, output)
    // Never over a file that is there, which may be the older export.
    const target = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    await pipeline(Readable.from(exportLines(invocation)), target).catch((cause: unknown) => {
      if (cause instanceof RemitError) throw cause
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
      throw new RemitError('state_unreadable', `\`${path}\` cannot be written (${code}); name a new file`, {
        cause,
      })
    })
    io.out(json ? `${JSON.stringify({ file: path })}\n` : `wrote ${path}\n`)
    return 0
  },
}
