import { visibleText } from '../../../src/core/visible-text.ts'
import type { Hop } from './hops.ts'
import { layOut, type Placed } from './lay-out.ts'

/** Pixels. */
const COLUMN = 176
const ROW = 96
const BOX = { width: 160, height: 48 }
const FROM_TOP = 4
/** Characters that fit into a box. */
const FITS = 22

/** The list beside it as a picture; whoever cannot see it misses nothing. */
export function Drawing({ root, marked }: { readonly root: Hop; readonly marked: string }) {
  const { placed, columns, rows, human } = layOut(root)
  const width = columns * COLUMN
  const height = rows * ROW - (ROW - BOX.height) + 2 * FROM_TOP
  return (
    <div className="wide drawing" role="group" tabIndex={0} aria-label="Drawing of the delegations">
      <svg
        role="img"
        aria-label="The same as in the list: each task below what delegated it"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        {placed.map((each) => (
          <Line key={each.hop.task.id} placed={each} />
        ))}
        <Box column={human} row={0} kind="human" first={root.task.human} second="human" />
        {placed.map(({ hop, column, row }) => (
          <Box
            key={hop.task.id}
            column={column}
            row={row}
            kind={`${hop.halted ? 'halted' : hop.state}${hop.task.id === marked ? ' marked' : ''}`}
            first={hop.task.agent.id}
            second={hop.halted ? 'stopped above' : hop.state}
          />
        ))}
      </svg>
    </div>
  )
}

function Line({ placed: { hop, column, row, parent } }: { readonly placed: Placed }) {
  const from = { x: middle(parent), y: top(row - 1) + BOX.height }
  const to = { x: middle(column), y: top(row) }
  const half = from.y + 14
  return (
    <>
      <path d={`M${from.x} ${from.y}V${half}H${to.x}V${to.y}`} />
      <text className="edge" x={to.x} y={to.y - 10} textAnchor="middle">
        {short(hop.brief, FITS + 3)}
      </text>
    </>
  )
}

function Box(props: {
  readonly column: number
  readonly row: number
  readonly kind: string
  readonly first: string
  readonly second: string
}) {
  const x = middle(props.column)
  const y = top(props.row)
  return (
    <g className={`box ${props.kind}`}>
      <rect x={x - BOX.width / 2} y={y} width={BOX.width} height={BOX.height} rx={8} />
      <text x={x} y={y + 20} textAnchor="middle">
        {short(visibleText(props.first), FITS)}
      </text>
      <text className="state" x={x} y={y + 38} textAnchor="middle">
        {props.second}
      </text>
    </g>
  )
}

function middle(column: number): number {
  return (column + 0.5) * COLUMN
}

function top(row: number): number {
  return row * ROW + FROM_TOP
}

function short(text: string, most: number): string {
  const letters = Array.from(text)
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`
}
