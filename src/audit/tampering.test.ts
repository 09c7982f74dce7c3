import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sample, sampleOf, seeded } from '../../test/suites/tampering/sample.ts'
import { tamperDatabase } from '../../test/suites/tampering/tamper-database.ts'
import { tamperExport } from '../../test/suites/tampering/tamper-export.ts'

let sample: Sample

beforeAll(async () => {
  sample = await sampleOf()
})
afterAll(() => {
  rmSync(sample.folder, { recursive: true })
})

test.each([
  ['database', tamperDatabase],
  ['export', tamperExport],
])(
  'R-AUD-2: fifty tamperings with the %s, five of each kind, are all found where they are',
  async (_name, tamper) => {
    const random = seeded(8)
    const missed: unknown[] = []
    for (let n = 0; n < 50; n++) {
      const { tampering, report } = await tamper(sample, n, random)
      if (!report.findings.some(tampering.isFound))
        missed.push({ ...tampering, findings: report.findings.slice(0, 5) })
    }
    expect(missed).toEqual([])
  },
)
