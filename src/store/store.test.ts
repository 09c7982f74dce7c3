import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { SILENT } from '../core/log.ts'
import { describeStore } from '../../test/suites/store-suite.ts'
import { createMemoryStore } from './memory/memory-store.ts'
import { openSqliteStore } from './sqlite/open-sqlite-store.ts'

describeStore('in memory', async () => ({
  durable: false,
  open: async () => createMemoryStore(),
  remove: async () => {},
}))

const { privateKey } = generateKeyPairSync('ed25519')

describeStore('on SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'remit-store-'))
  return {
    durable: true,
    open: () =>
      openSqliteStore({
        file: join(folder, 'remit.db'),
        checkpointFolder: folder,
        signingKey: privateKey,
        log: SILENT,
      }),
    remove: () => rm(folder, { recursive: true }),
  }
})
