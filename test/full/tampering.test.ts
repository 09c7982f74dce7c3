import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sample, sampleOf, seeded } from '../suites/tampering/sample.ts'
import { tamperDatabase } from '../suites/tampering/tamper-database.ts'
import { tamperExport } from '../suites/tampering/tamper-export.ts'

const EACH = 5_000
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
