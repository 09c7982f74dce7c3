import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RemitError } from '../core/errors.ts'
import { type Command, type Invocation, textFlag } from './command.ts'
import { configPlace } from './config-place.ts'

export const auditExport: Command = {
  path: 'audit export',
  summary: 'write the ledger as JSON lines that `audit verify` can check',
  positionals: [],
  flags: [
    {
      name: 'output',
      takes: 'file',
      offers: 'files',
      summary: 'new file to write (default: standard output)',
    },
  ],
  notes:
    'Reads files only. What it writes holds arguments and results of calls: keep it\nas safe as the ledger.',
  run: async (invocation) => {
    const { io, json } = invocation
    const output = textFlag(invocation, 'output')
    if (output === undefined) {
      for await (const line of lines(invocation)) io.out(line)
      return 0
    }
    const path = resolve(io.cwd, output)
    // Never over a file that is there, which may be the older export.
    const target = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    await pipeline(Readable.from(lines(invocation)), target).catch((cause: unknown) => {
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

async function* lines(invocation: Invocation): AsyncGenerator<string> {
  const { exportOffline } = await import('../server/offline-ledger.ts')
  yield* exportOffline(configPlace(invocation))
}
