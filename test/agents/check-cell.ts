import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { ROOT } from '../support/running-gateway.ts'
import { CHECKS } from './checks.ts'
import type { Column } from './columns.ts'
import type { Door } from './doors.ts'
import { keyOf, type Played } from './matrix.ts'
import type { Documented, RealAgent } from './real-agent.ts'
import type { Mark } from './table.ts'

const DOCS = readFileSync(join(ROOT, 'docs', 'hooks.md'), 'utf8')

/** @throws AssertionError when something else was seen than must be, or than docs/hooks.md says of this agent. */
export function checkCell(agent: RealAgent, played: Played, column: Column, door: Door): Mark {
  const limit = agent.cannot[door] ?? agent.cannot[column]
  if (limit !== undefined) {
    checkLimit(limit, played)
    return 'cannot'
  }
  const seen = played.cells.get(keyOf(column, door))
  if (seen === undefined) {
    expect([column, door]).toEqual(['secret', 'edit'])
    return '-'
  }
  CHECKS[column](seen, door, agent)
  return column === 'timeout' && seen.happened ? 'open' : 'pass'
}

function checkLimit({ sentence, offersNone }: Documented, played: Played): void {
  expect(DOCS).toContain(sentence)
  if (offersNone === undefined) return
  expect([...played.offered].filter((tool) => offersNone.test(tool))).toEqual([])
}
