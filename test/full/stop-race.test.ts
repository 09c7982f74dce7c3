import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SILENT } from '../../src/core/log.ts'
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store.ts'
import { raceStops } from '../suites/stop-race.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.remove())

test('R-THR-1: 10⁴ races of the kill switch on one replica with calls on another', async () => {
  const { privateKey: signingKey } = generateKeyPairSync('ed25519')
  const url = await server.createDatabase()
  const open = () => openPostgresStore({ url, signingKey, log: SILENT })
  const [a, b] = [await open(), await open()]
  try {
    const { late, allowed, refused } = await raceStops([a, b], 10_000)
    expect([late, allowed + refused]).toEqual([[], 30_000])
  } finally {
    await Promise.all([a.close(), b.close()])
  }
})
