import { expect, it } from 'vitest'

import type { Change } from '../../core/change.ts'
import { DEFAULT_TENANT, type TaskId } from '../../core/ids.ts'
import { packUnits, unpackUnits } from './pack-units.ts'
import type { WrittenUnit } from './writer-messages.ts'

it('R-AUD-2: units come out on the other thread as they went in, whatever they hold', () => {
  const change: Change = {
    kind: 'add-facts',
    tenant: DEFAULT_TENANT,
    root: 'tsk_1' as TaskId,
    add: { calls: 1, labels: ['secret'] },
  }
  const record = { tenant: 'default', head: '{"at":""', tail: ',"v":1' }
  const units: WrittenUnit[] = [
    { records: [], changes: [] },
    { records: [record], changes: [] },
    { records: [{ ...record, detail: 'd' }, { ...record, payload: '' }, record], changes: [change, change] },
    { records: [], changes: [change] },
    { records: [{ ...record, detail: '', payload: 'é\uD800' }], changes: [] },
  ]
  expect(unpackUnits(structuredClone(packUnits(units)))).toEqual(units)
  expect(unpackUnits(packUnits([]))).toEqual([])
})
