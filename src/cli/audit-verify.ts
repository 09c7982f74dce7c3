import { type Command, listFlag, textFlag } from './command.ts'
import { configPlace } from './config-place.ts'
import { paint } from './paint.ts'
import type { VerifiedErasure } from '../audit/verify-erasures.ts'
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
      many: true,
      summary: 'public key that is trusted, in PEM or as verifier keys, instead of the state folder’s',
    },
    {
      name: 'checkpoints',
      takes: 'file',
      offers: 'files',
      summary: 'a copy of the checkpoints that was kept elsewhere, instead of the state folder’s',
    },
    {
      name: 'since',
      takes: 'file|size',
      offers: 'files',
      summary: 'a checkpoint that was kept and is trusted: look only at what came after it',
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
      publicKeys: listFlag(invocation, 'key'),
      checkpoints: textFlag(invocation, 'checkpoints'),
      since: textFlag(invocation, 'since'),
    })
    if (json) {
      io.out(`${JSON.stringify(report)}\n`)
      return report.ok ? 0 : 1
    }
    for (const { text } of report.findings) io.out(`${paint(io, 'red', 'broken')}  ${plainLine(text)}\n`)
    if (report.more > 0) io.out(`and ${report.more} more\n`)
    for (const { tenant, records, checkpoints, outside, from, erasures } of report.tenants) {
      const since = from === 0 ? '' : ` from number ${from} on`
      const checked = `${records} records${since}, ${checkpoints} checkpoints; ${outside} outside the database`
      io.out(`${plainLine(tenant)}: ${checked}\n`)
      for (const erasure of erasures) io.out(`${erasureLine(erasure)}\n`)
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

function erasureLine({ at, by, done, order, parts, reason = '', records }: VerifiedErasure): string {
  const what = `${parts.join(' and ') || 'nothing'} of ${records} records`
  const end = done ? '' : ', not finished'
  return `  erased by order ${plainLine(order)} of ${plainLine(by)}, ${plainLine(at)}: ${what}${end}; ${plainLine(reason)}`
}
