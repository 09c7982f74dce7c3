import { expect, test } from 'vitest'
import type { ActivityRow } from '../../../src/api/console-contract.ts'
import { recordEntries } from './record-entries.ts'

const row = (index: number, door: string, toolUse?: string): ActivityRow =>
  ({
    index,
    envelope: {
      kind: 'decision',
      id: `dec_${index}`,
      call: { door },
      identity: { chain: ['tsk_1'] },
      ...(toolUse === undefined ? {} : { correlation: { toolUse } }),
    },
  }) as unknown as ActivityRow

test('R-AUD-3: halves of one use are one entry, where the newest of them stands; all else is a line each', () => {
  const rows = [
    row(5, 'mcp', 'a'),
    row(4, 'mcp', 'b'),
    row(3, 'hook'),
    row(2, 'hook', 'a'),
    row(1, 'hook', 'c'),
  ]
  const entries = recordEntries(rows)
  expect(entries.map(({ use, rows: of }) => [use, of.map(({ index }) => index)])).toEqual([
    ['a', [5, 2]],
    [undefined, [4]],
    [undefined, [3]],
    [undefined, [1]],
  ])
})
