import type { Actor } from './administration.ts'

/** Takes note of copies that are made of everything. */
export interface BackupControl {
  /** On record before anything is copied, so that the copy has that record too. */
  note(actor: Actor, backup: { readonly id: string; readonly keys: boolean }): Promise<void>
}
