import { COLUMNS, type Column } from './columns.ts'
import { DOORS, type Door } from './doors.ts'
import { keyOf } from './matrix.ts'
import type { RealAgent } from './real-agent.ts'

/** `cannot` = as docs/hooks.md says of this agent, and that was seen; `-` = there is nothing to try. */
export type Mark = 'pass' | 'cannot' | 'open' | '-' | 'skip' | 'FAIL'

/** What came of every cell of every agent, for people to read. */
export class Table {
  readonly #rows = new Map<string, Map<string, Mark>>()

  mark(agent: RealAgent, column: Column, door: Door, mark: Mark): void {
    const row = this.#rows.get(agent.name) ?? new Map<string, Mark>()
    this.#rows.set(agent.name, row.set(keyOf(column, door), mark))
  }

  /** One line an agent and door, one column a case. */
  text(): string {
    const head = ['agent', 'door', ...COLUMNS]
    const lines = [...this.#rows].flatMap(([agent, row]) =>
      DOORS.map((door) => [agent, door, ...COLUMNS.map((column) => row.get(keyOf(column, door)) ?? 'FAIL')]),
    )
    const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at]?.length ?? 0)))
    const padded = [head, ...lines].map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)))
    return padded.map((line) => line.join('  ').trimEnd()).join('\n')
  }
}
