import type { Hop } from './hops.ts'

/** A task’s place in the drawing: the middle of its box, in units of one column and one row. */
export interface Placed {
  readonly hop: Hop
  readonly column: number
  readonly row: number
  /** Column of what it comes from, one row above. */
  readonly parent: number
}

export interface Layout {
  readonly placed: readonly Placed[]
  readonly columns: number
  readonly rows: number
  /** Where the human stands, in row 0. */
  readonly human: number
}

/** Each task is over the middle of what came of it; no two boxes overlap, and no lines cross. */
export function layOut(root: Hop): Layout {
  const placed: Placed[] = []
  let columns = 0
  const place = (hop: Hop, row: number): number => {
    const start = placed.length
    const below = hop.below.map((each) => place(each, row + 1))
    const column = below.length === 0 ? columns++ : ((below[0] ?? 0) + (below.at(-1) ?? 0)) / 2
    for (let at = start; at < placed.length; at++) {
      const each = placed[at]
      if (each !== undefined && each.row === row + 1) placed[at] = { ...each, parent: column }
    }
    placed.push({ hop, column, row, parent: column })
    return column
  }
  const human = place(root, 1)
  return { placed, columns, rows: Math.max(...placed.map(({ row }) => row)) + 1, human }
}
