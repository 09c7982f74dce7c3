import { createPublicKey } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { DEFAULT_TENANT } from '../../src/core/ids.ts'
import { SILENT } from '../../src/core/log.ts'
import { backUp, type BackupReport } from '../../src/server/backup/back-up.ts'
import { backupRecord } from '../../src/server/backup/backup-records.ts'
import {
  restoreBackup,
  type RestoreReport,
  type RestoreWish,
} from '../../src/server/backup/restore-backup.ts'
import { type Keys, loadKeys } from '../../src/server/keys.ts'
import { openStateFolder, type StateFolder } from '../../src/server/state-folder.ts'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import type { LedgerStore } from '../../src/store/store.ts'
import { decisionRecord, sampleTask } from '../suites/sample-records.ts'

export const PASSPHRASE = 'correct horse battery staple'

/** An installation on the disk: configuration, policies, keys, and a store that is written to as a gateway would. */
export class Installation {
  readonly home: string
  readonly state: StateFolder
  readonly keys: Keys
  readonly publicPem: string
  #store: LedgerStore | undefined

  constructor(store = 'sqlite') {
    this.home = mkdtempSync(join(tmpdir(), 'remit-backup-'))
    writeFileSync(join(this.home, 'remit.yaml'), `policies: [policies]\nstore: ${store}\n`)
    mkdirSync(join(this.home, 'policies'))
    writeFileSync(join(this.home, 'policies', 'own.cedar'), '// own\npermit (principal, action, resource);\n')
    this.state = openStateFolder(join(this.home, '.remit'))
    this.keys = loadKeys(this.state.keys)
    this.publicPem = createPublicKey(this.keys.checkpoint.privateKey).export({ type: 'spki', format: 'pem' })
    writeFileSync(join(this.state.secrets, 'forge'), 'ghp_secret_of_the_forge', { mode: 0o600 })
  }

  get options() {
    return {
      checkpointFolder: this.state.checkpoints,
      signingKey: this.keys.checkpoint.privateKey,
      log: SILENT,
      checkpointInterval: 500,
    }
  }

  get store(): LedgerStore {
    if (this.#store === undefined) throw new Error('not open')
    return this.#store
  }

  async run(open?: () => Promise<LedgerStore>): Promise<void> {
    this.#store = await (open?.() ?? openSqliteStore({ ...this.options, file: this.state.ledger }))
  }

  async stop(): Promise<void> {
    await this.#store?.close()
    this.#store = undefined
  }

  async write(id: string): Promise<void> {
    const records = [decisionRecord({ id: `dec_${id}`, task: `tsk_${id}` })]
    await this.store.journal.commit({
      records,
      changes: [{ kind: 'insert-task', task: sampleTask(`tsk_${id}`) }],
    })
  }

  /** As the command does it while a gateway runs, which has it put on record. */
  backUp(output: string, passphrase?: string): Promise<BackupReport> {
    return backUp({
      cwd: this.home,
      environ: {},
      output,
      passphrase,
      note: async (made) => {
        await this.store.journal.commit({ records: [backupRecord(DEFAULT_TENANT, 'ada', made)], changes: [] })
      },
    })
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.home, { recursive: true, force: true })
  }
}

export function restore(cwd: string, input: string, more: Partial<RestoreWish> = {}): Promise<RestoreReport> {
  return restoreBackup({
    cwd,
    environ: {},
    input,
    passphrase: async () => PASSPHRASE,
    force: false,
    acceptRollback: false,
    ...more,
  })
}

/** The backup with other lines, and an end that fits them: what somebody would write who knows the format. */
export function rewritten(file: string, change: (lines: string[]) => string[]): string {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n').slice(0, -2)
  const text = change(lines).map((line) => `${line}\n`)
  const sha256 = createHash('sha256').update(text.join('')).digest('hex')
  const end = `${JSON.stringify({ end: { lines: text.length, sha256 } })}\n`
  const changed = `${file}.changed`
  writeFileSync(changed, gzipSync(text.join('') + end))
  return changed
}
