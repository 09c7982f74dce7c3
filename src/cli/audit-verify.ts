import { type Command, textFlag } from './command.ts'
import { configPlace } from './config-place.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'

export const auditVerify: Command = {
  path: 'audit verify',
  summary: 'recompute the whole ledger and say what does not hold',
  positionals: [],
  flags: [
    {
      name: 'file',
      takes: 'file',
      offers: 'files',
      summary: 'an export instead of the state folder’s ledger',
    },
    {
      name: 'key',
      takes: 'file',
      offers: 'files',
      summary: 'public checkpoint key in PEM, for an export from elsewhere',
    },
  ],
  notes:
    'Reads files only: no gateway need run, and one that runs is not disturbed.\nExits with 1 when anything was changed, and says where.',
  run: async (invocation) => {
    const { io, json } = invocation
    const { verifyOffline } = await import('../server/offline-ledger.ts')
    const report = await verifyOffline({
      ...configPlace(invocation),
      exported: textFlag(invocation, 'file'),
      publicKey: textFlag(invocation, 'key'),
    })
    if (json) {
      io.out(`${JSON.stringify(report)}\n`)
      return report.ok ? 0 : 1
    }
    for (const { text } of report.findings) io.out(`${paint(io, 'red', 'broken')}  ${plainLine(text)}\n`)
    if (report.more > 0) io.out(`and ${report.more} more\n`)
    for (const { tenant, records, checkpoints, outside } of report.tenants) {
      const checked = `${records} records, ${checkpoints} checkpoints, ${outside} of them also outside the database`
      io.out(`${plainLine(tenant)}: ${checked}\n`)
    }
    for (const caution of report.cautions) io.out(`${paint(io, 'yellow', 'note')}  ${plainLine(caution)}\n`)
    io.out(
      report.ok
        ? `${paint(io, 'green', 'the ledger holds')}\n`
        : `${paint(io, 'red', 'the ledger does not hold')}\n`,
    )
    return report.ok ? 0 : 1
  },
}
