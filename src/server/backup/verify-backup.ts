import { createPublicKey, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { readCheckpointLog } from '../../audit/checkpoint-log.ts'
import { type VerifyReport, verifyLedger } from '../../audit/verify.ts'
import { RemitError } from '../../core/errors.ts'
import { checkpointFile } from '../../store/checkpoint-files.ts'
import { openSqliteLedger } from '../../store/sqlite/open-sqlite-ledger.ts'
import type { BackupHeader } from './backup-format.ts'

/** Name of the database in a folder that a backup is unpacked to; a state folder’s ledger has the same. */
export const DATABASE = 'ledger.sqlite'

export interface LedgerKeys {
  readonly publicKey: KeyObject
  readonly tenantKey: (tenant: string) => KeyObject | undefined
  /** Keys that signed before. */
  readonly alsoTrusted: readonly KeyObject[]
}

/** Those that the backup itself names: who could change it could change them too. */
export function keysOf({ publicKeys }: BackupHeader): LedgerKeys {
  const keyOf = (tenant: string): KeyObject | undefined => {
    const pem = Object.hasOwn(publicKeys, tenant) ? publicKeys[tenant] : undefined
    return pem === undefined ? undefined : createPublicKey(pem)
  }
  const publicKey = keyOf('')
  if (publicKey === undefined) throw new RemitError('backup_unusable', 'the backup names no checkpoint key')
  return { publicKey, tenantKey: keyOf, alsoTrusted: [] }
}

/**
 * Verifies an unpacked ledger against what the backup says itself.
 * @throws RemitError `ledger_broken` with what does not hold.
 */
export async function holdsAlone(
  folder: string,
  { header, keys }: { readonly header: BackupHeader; readonly keys: LedgerKeys },
): Promise<VerifyReport> {
  const report = await verifyAgainst(folder, { header, keys, checkpoints: join(folder, 'checkpoints') })
  if (report.ok) return report
  const first = report.findings[0]?.text ?? 'nothing more is known'
  throw new RemitError(
    'ledger_broken',
    `the ledger in the backup does not hold: ${first}; nothing was changed`,
  )
}

/** @param at.checkpoints folder of the copies to compare with. */
export async function verifyAgainst(
  folder: string,
  at: { readonly header: BackupHeader; readonly keys: LedgerKeys; readonly checkpoints: string },
): Promise<VerifyReport> {
  const source = openSqliteLedger(join(folder, DATABASE))
  try {
    return await verifyLedger(source, {
      ...at.keys,
      expected: [at.header.tenant],
      outsideCheckpoints: (tenant) => readCheckpointLog(checkpointFile(at.checkpoints, tenant)),
    })
  } finally {
    source.close()
  }
}
