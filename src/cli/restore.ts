import type { RestoreReport } from '../server/backup/restore-backup.ts'
import { type Command, type Io, textFlag } from './command.ts'
import { configPlace } from './config-place.ts'
import { paint } from './paint.ts'
import { plainLine } from './plain-text.ts'
import { PASSPHRASE_FLAG, readPassphrase } from './read-passphrase.ts'

export const restore: Command = {
  path: 'restore',
  summary: 'put back what `remit backup` copied',
  positionals: [{ name: 'file', summary: 'the backup', offers: 'files' }],
  flags: [
    { name: 'force', summary: 'move aside what is there' },
    { name: 'accept-rollback', summary: 'give up records that were signed after the backup; on record' },
    { name: 'without-keys', summary: 'leave out the keys that the backup holds' },
    {
      name: 'key',
      takes: 'file',
      offers: 'files',
      summary: 'public checkpoint key in PEM to verify with (default: that of the state folder)',
    },
    PASSPHRASE_FLAG,
  ],
  notes:
    'Stop the gateway first. The backup is read and verified whole before anything\nis touched; what is there is moved aside, never removed.',
  run: async (invocation) => {
    const { io, json, flags } = invocation
    const { restoreBackup } = await import('../server/backup/restore-backup.ts')
    const report = await restoreBackup({
      ...configPlace(invocation),
      input: invocation.positionals[0] ?? '',
      publicKey: textFlag(invocation, 'key'),
      passphrase: async () => (flags['without-keys'] === true ? undefined : readPassphrase(invocation)),
      force: flags['force'] === true,
      acceptRollback: flags['accept-rollback'] === true,
    })
    if (json) io.out(`${JSON.stringify(report)}\n`)
    else say(io, report)
    return 0
  },
}

function say(io: Io, report: RestoreReport): void {
  const { tenants, lost, before, written, kept, keyed, keyOfLater, selfSigned, compared } = report
  const note = (text: string): void => io.out(`${paint(io, 'yellow', 'note')}  ${plainLine(text)}\n`)
  for (const { tenant, records } of tenants) io.out(`${plainLine(tenant)}: ${records} records\n`)
  for (const [tenant, { had, has }] of Object.entries(lost)) {
    note(`rolled back: ${tenant} had ${had} records and has ${has}; the next start puts it on record`)
  }
  for (const path of written) io.out(`wrote ${plainLine(path)}\n`)
  for (const path of kept) note(`${path} is another than in the backup, and stays`)
  if (before !== undefined) note(`what was there is in ${before}`)
  if (selfSigned)
    note('only the key in the backup itself spoke for it; verify with a key that you have: --key')
  if (!compared) {
    note('no copy of checkpoints was here: whether there were records after the backup cannot be told')
  }
  if (!keyed)
    note(`the backup holds no keys: put those of the gateway into ${report.state}/keys before it starts`)
  if (keyOfLater)
    note(
      `the ledger’s key was changed since the backup was made: put the one of before into ${report.state}/keys/checkpoint.pem, or run \`remit audit rotate-key --lost <its public half>\`; no gateway starts until then`,
    )
  io.out(`${paint(io, 'green', 'restored')}: ${plainLine(report.state)} as of ${report.made}\n`)
}
