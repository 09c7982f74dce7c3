import { describe, expect, test } from 'vitest'
import { crashUnderLoad, NOTHING_FOUND } from '../suites/gateway-crash.ts'
import { makeSickDisk, type Trouble } from '../support/sick-disk.ts'

const KILLS = 40

const disk = makeSickDisk()
if (typeof disk === 'string') console.log(`not run: a gateway on a sick disk, since ${disk}`)

describe.runIf(typeof disk !== 'string')('a gateway on a disk that is sick, killed', () => {
  test.each(['fail', 'full', 'readonly', 'hold'] satisfies Trouble[])(
    'R-REL-1: while it says `%s`: every forwarded call has its decision and no approval ran twice',
    async (trouble) => {
      if (typeof disk === 'string') return
      const findings = await crashUnderLoad(KILLS, { disk, trouble })
      console.log(`${trouble}: ${findings.ran} calls ran over ${KILLS} kills`)
      expect(findings).toMatchObject(NOTHING_FOUND)
      expect(findings.ran).toBeGreaterThan(KILLS)
    },
  )
})
