import { z } from 'zod'

/** `POST /backups`: whoever may read the gateway’s files is about to copy them. */
export const backupBody = z.strictObject({
  id: z.string().regex(/^bak_[0-9a-z]{1,40}$/, 'must be the id of a backup'),
  /** Whether keys go along. */
  keys: z.boolean(),
})

export interface BackupAnswer {
  readonly noted: true
}
