import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Journal } from '../../audit/journal.ts'
import { newId, type TenantId } from '../../core/ids.ts'
import type { NewRecord } from '../../core/record.ts'
import { adminRecord } from '../../gate/admin-records.ts'
import type { BackupControl } from '../../gate/backup-control.ts'
import { readPrivateFile } from '../private-file.ts'
import { protectionReport } from '../protection.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from '../system-clock.ts'

export function newBackupId(): string {
  return newId('bak', SYSTEM_ENTROPY.bytes(16))
}

/** @param by who makes it: a human, or the command line where no gateway runs. */
export function backupRecord(
  tenant: TenantId,
  by: string,
  { id, keys }: { readonly id: string; readonly keys: boolean },
): NewRecord {
  const { level: protection } = protectionReport()
  return adminRecord(
    { tenant, protection },
    { kind: 'backup.made', id, at: SYSTEM_CLOCK.now(), actor: by, data: { keys } },
  )
}

export function createBackupControl(tenant: TenantId, journal: Journal): BackupControl {
  return {
    note: async ({ human }, backup) => {
      await journal.commit({ records: [backupRecord(tenant, human.id, backup)], changes: [] })
    },
  }
}

/** In a state folder that was restored, until its gateway starts. */
const RESTORED = 'restored.json'

const restored = z.strictObject({
  id: z.string(),
  at: z.number(),
  backup: z.string(),
  /** When the backup was made. */
  from: z.string(),
  /** Records that a tenant’s ledger had been signed for, and has no more; absent = none are known of. */
  lost: z.record(z.string(), z.strictObject({ had: z.int(), has: z.int() })),
})
export type Restored = z.infer<typeof restored>

export function restoredFile(root: string): string {
  return join(root, RESTORED)
}

/**
 * The first record after a restoration says so: which backup it is from, and what is gone. Killed in between, the record may be
 * there twice, under one id.
 */
export async function recordRestored(root: string, tenant: TenantId, journal: Journal): Promise<void> {
  const file = restoredFile(root)
  const text = readPrivateFile(file, 'state_unreadable')
  if (text === undefined) return
  const { id, at, backup, from, lost } = restored.parse(JSON.parse(text.toString('utf8')))
  const { level: protection } = protectionReport()
  const record = adminRecord(
    { tenant, protection },
    { kind: 'backup.restored', id, at, actor: 'remit:cli', data: { backup, from, lost } },
  )
  await journal.commit({ records: [record], changes: [] })
  rmSync(file)
}
