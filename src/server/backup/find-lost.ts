import { readCheckpointLog } from '../../audit/checkpoint-log.ts'
import { checkpointOrigin, verifyCheckpoint } from '../../audit/checkpoint.ts'
import type { VerifyReport } from '../../audit/verify.ts'
import { CheckpointFiles, checkpointFile } from '../../store/checkpoint-files.ts'
import { existsSync } from 'node:fs'
import type { BackupHeader } from './backup-format.ts'
import type { Restored } from './backup-records.ts'
import { type LedgerKeys, verifyAgainst } from './verify-backup.ts'

export interface LostOptions {
  readonly header: BackupHeader
  readonly keys: LedgerKeys
  /** Folder of the copies that lie outside the database, as they are now. */
  readonly checkpoints: string
  readonly tenants: VerifyReport['tenants']
}

/**
 * What the copies outside were signed for and a backup does not have, by tenant; also where the backup has as much, but is of
 * another history.
 */
export async function findLost(folder: string, options: LostOptions): Promise<Restored['lost']> {
  const { checkpoints, keys, tenants } = options
  if (!existsSync(checkpoints)) return {}
  const lost: Record<string, { had: number; has: number }> = {}
  const sizes = new Map(tenants.map(({ tenant, records }) => [tenant, records]))
  const { findings } = await verifyAgainst(folder, { ...options, checkpoints })
  const apart = new Set(findings.map(({ tenant }) => tenant))
  for (const tenant of new CheckpointFiles(checkpoints).tenants()) {
    const trusted = [keys.tenantKey(tenant) ?? keys.publicKey, ...keys.alsoTrusted]
    const has = sizes.get(tenant) ?? 0
    let had = 0
    for (const { note } of readCheckpointLog(checkpointFile(checkpoints, tenant))) {
      for (const key of note === undefined ? [] : trusted) {
        const check = verifyCheckpoint(note ?? '', key)
        if (check.ok && check.head.origin === checkpointOrigin(tenant)) had = Math.max(had, check.head.size)
      }
    }
    if (had > has || apart.has(tenant)) lost[tenant] = { had, has }
  }
  return lost
}
