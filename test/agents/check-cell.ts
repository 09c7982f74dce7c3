import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { ROOT } from '../support/running-gateway.ts'
import { CHECKS } from './checks.ts'
import type { Column } from './columns.ts'
import type { Door } from './doors.ts'
import { keyOf, type Played, type Seen } from './matrix.ts'
import type { Documented, RealAgent } from './real-agent.ts'
import type { Mark } from './table.ts'

const DOCS = readFileSync(join(ROOT, 'docs', 'hooks.md'), 'utf8')

/** @throws AssertionError when something else was seen than must be, or than docs/hooks.md says of this agent. */
export function checkCell(agent: RealAgent, played: Played, column: Column, door: Door): Mark {
  const cell = keyOf(column, door)
  const seen = played.cells.get(cell)
  const limit = agent.cannot[cell] ?? agent.cannot[door] ?? agent.cannot[column]
  if (limit !== undefined) {
    checkLimit(limit, played, seen)
    return 'cannot'
  }
  if (seen === undefined) {
    expect([column, door]).toEqual(['secret', 'edit'])
    return '-'
  }
  CHECKS[column](seen, door, agent)
  return column === 'timeout' && seen.happened ? 'open' : 'pass'
}

/** @param seen where it was tried all the same. */
function checkLimit({ sentence, offersNone }: Documented, played: Played, seen: Seen | undefined): void {
  expect(DOCS).toContain(sentence)
  if (seen !== undefined) expect(seen).toMatchObject({ happened: false, decided: [], offered: false })
  if (offersNone === undefined) return
  expect([...played.offered].filter((tool) => offersNone.test(tool))).toEqual([])
}
