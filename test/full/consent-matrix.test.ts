import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SILENT } from '../../src/core/log.ts'
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store.ts'
import type { LedgerStore } from '../../src/store/store.ts'
import { expectedOf, playScenario, type Played } from '../suites/consent/play-scenario.ts'
import { allScenarios } from '../suites/consent/scenarios.ts'
import { useGate } from '../support/gate-harness.ts'
import { startPostgres, type TestPostgres } from '../support/postgres.ts'

const h = useGate()
/** Played at the same time: more would make clients of 0.6 s give up before anybody is asked. */
const AT_ONCE = 12
let server: TestPostgres
let stores: [LedgerStore, LedgerStore]

beforeAll(async () => {
  server = await startPostgres()
  const { privateKey: signingKey } = generateKeyPairSync('ed25519')
  const url = await server.createDatabase()
  const open = (): Promise<LedgerStore> => openPostgresStore({ url, signingKey, log: SILENT })
  stores = [await open(), await open()]
})

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()))
  await server.remove()
})

test('R-CON-3, R-CON-4: every client × era × hold × approver × crash × replica: once or never, and no agreement lost', async () => {
  const scenarios = [...allScenarios()]
  const expected = scenarios.map(expectedOf)
  const played: Played[] = []
  while (scenarios.length > 0) {
    const some = scenarios.splice(0, AT_ONCE)
    const world = { harness: h(), stores }
    played.push(...(await Promise.all(some.map((scenario) => playScenario(world, scenario)))))
  }
  const served = played.filter((one) => one.served).length
  const ran = played.reduce((sum, one) => sum + one.ran, 0)
  console.log(`${played.length} scenarios, ${ran} calls ran, ${served} were answered`)
  expect(played).toEqual(expected)
})
