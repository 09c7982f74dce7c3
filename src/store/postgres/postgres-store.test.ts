import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { describeStore } from '../../../test/suites/store-suite.ts'
import { startPostgres, type TestPostgres } from '../../../test/support/postgres.ts'
import { SILENT } from '../../core/log.ts'
import { openPostgresStore } from './open-postgres-store.ts'

const { privateKey: signingKey } = generateKeyPairSync('ed25519')
let server: TestPostgres

beforeAll(async () => {
  server = await startPostgres()
})

afterAll(async () => {
  await server.remove()
})

describeStore('on PostgreSQL', async () => {
  const url = await server.createDatabase()
  return {
    durable: true,
    open: () => openPostgresStore({ url, signingKey, log: SILENT }),
    remove: async () => {},
  }
})
