import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sample, sampleOf, seeded } from '../suites/tampering/sample.ts'
import { tamperDatabase } from '../suites/tampering/tamper-database.ts'
import { tamperExport } from '../suites/tampering/tamper-export.ts'
import { postgresSampleOf, tamperPostgres } from '../suites/tampering/tamper-postgres.ts'
import { startPostgres } from '../support/postgres.ts'

const EACH = 5_000
/** With a server between, each takes longer. */
const ON_POSTGRES = 2_000
let sample: Sample

beforeAll(async () => {
  sample = await sampleOf()
})
afterAll(() => {
  rmSync(sample.folder, { recursive: true })
})

test.each([
  ['database', tamperDatabase, 17],
  ['export', tamperExport, 23],
])(
  `R-AUD-2: ${EACH} random tamperings with the %s are all found where they are`,
  async (_name, tamper, seed) => {
    const random = seeded(seed)
    const missed: unknown[] = []
    for (let n = 0; n < EACH; n++) {
      const { tampering, report } = await tamper(sample, n, random)
      if (!report.findings.some(tampering.isFound)) {
        missed.push({ ...tampering, findings: report.findings.slice(0, 5) })
      }
    }
    expect(missed).toEqual([])
  },
)

test(`R-AUD-2: ${ON_POSTGRES} random tamperings with a PostgreSQL are all found where they are`, async () => {
  const server = await startPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'remit-tamper-'))
  const [{ privateKey }, { privateKey: thief }] = [
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('ed25519'),
  ]
  const url = await server.createDatabase()
  const keys = { privateKey, publicKey: createPublicKey(privateKey), thief }
  const postgres = await postgresSampleOf({ url, folder, ...keys })
  const random = seeded(31)
  const missed: unknown[] = []
  for (let n = 0; n < ON_POSTGRES; n++) {
    const { tampering, report } = await tamperPostgres(postgres, n, random)
    if (!report.findings.some(tampering.isFound)) {
      missed.push({ ...tampering, findings: report.findings.slice(0, 5) })
    }
  }
  await postgres.client.end()
  await server.remove()
  rmSync(folder, { recursive: true })
  expect(missed).toEqual([])
})
