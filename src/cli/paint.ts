import type { Io } from './command.ts'

const CODES = { red: 31, green: 32, yellow: 33, cyan: 36, dim: 2, bold: 1 } as const

/** Text in colour where colours are wanted, else as it is. */
export function paint(io: Io, style: keyof typeof CODES, text: string): string {
  return io.colour ? `\u001B[${CODES[style]}m${text}\u001B[0m` : text
}

/** Rows as columns, each as wide as its widest cell; the last is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length)
  }
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  ')
  return rows.map((row) => `${line(row)}\n`).join('')
}
