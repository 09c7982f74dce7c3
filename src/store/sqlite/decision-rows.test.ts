import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DECISIONS_SINCE, decisionsSince, fillTenDays } from '../../../test/suites/past-decisions.ts'
import { SILENT } from '../../core/log.ts'
import { openSqliteLedger } from './open-sqlite-ledger.ts'
import { openSqliteStore } from './open-sqlite-store.ts'

test('R-POL-8: decisions of the past are read with what explains them, from a time on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-past-'))
  const file = join(folder, 'remit.db')
  const { privateKey: signingKey } = generateKeyPairSync('ed25519')
  const store = await openSqliteStore({ file, checkpointFolder: folder, signingKey, log: SILENT })
  await fillTenDays(store.journal)
  await store.close()
  const ledger = openSqliteLedger(file)
  expect(await decisionsSince(ledger)).toEqual(DECISIONS_SINCE)
  ledger.close()
  rmSync(folder, { recursive: true })
})
