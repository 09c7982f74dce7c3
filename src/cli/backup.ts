import { openAdminClient } from './admin-client.ts'
import type { Command } from './command.ts'
import { configPlace } from './config-place.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'
import { PASSPHRASE_FLAG, readPassphrase } from './read-passphrase.ts'

export const backup: Command = {
  path: 'backup',
  summary: 'copy ledger, tasks, configuration and policies into one file, while the gateway runs',
  positionals: [{ name: 'file', summary: 'new file to write', offers: 'files' }],
  flags: [{ name: 'with-keys', summary: 'keys and secrets too, sealed under a passphrase' }, PASSPHRASE_FLAG],
  notes:
    'One consistent moment, verified before the file gets its name, and on record.\nIt holds arguments and results of calls: keep it as safe as the ledger.\nWithout --with-keys it holds no key; keep those elsewhere (docs/backup.md).',
  run: async (invocation) => {
    const { io, json } = invocation
    const { backUp } = await import('../server/backup/back-up.ts')
    const passphrase = invocation.flags['with-keys'] === true ? await readPassphrase(invocation) : undefined
    const report = await backUp({
      ...configPlace(invocation),
      output: invocation.positionals[0] ?? '',
      passphrase,
      note: async (made) => {
        const client = await openAdminClient(invocation, 'read', { quiet: true })
        await client.post('/backups', made)
      },
    })
    if (json) {
      io.out(`${JSON.stringify(report)}\n`)
      return 0
    }
    for (const path of report.left) {
      io.err(
        `${paint(io, 'yellow', 'not in it')}: ${plainLine(path)} lies outside of the configuration’s folder\n`,
      )
    }
    for (const { tenant, records } of report.tenants) io.out(`${plainLine(tenant)}: ${records} records\n`)
    io.out(`${paint(io, 'green', 'verified')}: ${plainLine(report.file)}, sha256 ${report.sha256}\n`)
    if (!report.keys) io.out('It holds no keys: a restored gateway needs those of this one.\n')
    return 0
  },
}
