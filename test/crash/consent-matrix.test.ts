import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SILENT } from '../../src/core/log.ts'
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { expectedOf, playScenario } from '../suites/consent/play-scenario.ts'
import { pairwiseScenarios } from '../suites/consent/scenarios.ts'
import { useGate } from '../support/gate-harness.ts'

const h = useGate()
let store: Store
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remit-consent-'))
  const { privateKey } = generateKeyPairSync('ed25519')
  store = await openSqliteStore({ file: join(folder, 'remit.db'), signingKey: privateKey, log: SILENT })
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

describe('two gateways on one store, of which one dies', () => {
  test('R-CON-3, R-CON-4: a call that was agreed to runs once or never, and no agreement is lost, whenever it is given', async () => {
    const world = { harness: h(), stores: [store, store] } as const
    const scenarios = pairwiseScenarios()
    // At once: each waits for its own clocks most of the time.
    const played = await Promise.all(scenarios.map((scenario) => playScenario(world, scenario)))
    expect(played).toEqual(scenarios.map(expectedOf))
  })
})
