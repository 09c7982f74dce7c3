import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { InboxRow } from '../../../src/api/console-contract.ts'
import { Tag } from '../parts/notes.tsx'

/** Pixels of one row, fixed so that only those in view are made: a hundred thousand cost what ten do. */
const HEIGHT = 92
const BEYOND = 6

export interface InboxListProps {
  readonly rows: readonly InboxRow[]
  readonly at: number
  readonly ticked: ReadonlySet<string>
  readonly move: (index: number) => void
  readonly open: (row: InboxRow) => void
}

export function InboxList({ rows, at, ticked, move, open }: InboxListProps) {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight })
    look()
    // Within the frame that scrolls, or a fast hand sees nothing but the ground.
    const scrolled = (): void => flushSync(look)
    element.addEventListener('scroll', scrolled, { passive: true })
    addEventListener('resize', look)
    return () => {
      element.removeEventListener('scroll', scrolled)
      removeEventListener('resize', look)
    }
  }, [])
  useEffect(() => {
    const element = box.current
    if (element === null) return
    if (at * HEIGHT < element.scrollTop) element.scrollTop = at * HEIGHT
    const below = (at + 1) * HEIGHT - element.clientHeight
    if (below > element.scrollTop) element.scrollTop = below
  }, [at])
  const first = Math.max(0, Math.floor(view.top / HEIGHT) - BEYOND)
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / HEIGHT) + BEYOND)
  // The chosen one is always there, so that what reads the screen aloud finds it.
  const shown = rows.slice(first, last).map((row, offset) => [first + offset, row] as const)
  const chosen = rows[at]
  if (chosen !== undefined && (at < first || at >= last)) shown.push([at, chosen])
  return (
    <div
      ref={box}
      className="inbox"
      role="listbox"
      tabIndex={0}
      aria-label="Requests that wait"
      aria-multiselectable="true"
      aria-activedescendant={chosen === undefined ? undefined : `row-${chosen.id}`}
    >
      <div role="presentation" style={{ height: rows.length * HEIGHT }}>
        {shown.map(([index, row]) => (
          <div
            key={row.id}
            id={`row-${row.id}`}
            role="option"
            aria-selected={ticked.has(row.id)}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            className={index === at ? 'item at' : 'item'}
            style={{ transform: `translateY(${index * HEIGHT}px)`, height: HEIGHT }}
            onClick={() => {
              move(index)
              open(row)
            }}
          >
            <Row row={row} ticked={ticked.has(row.id)} />
          </div>
        ))}
      </div>
    </div>
  )
}

function Row({ row, ticked }: { readonly row: InboxRow; readonly ticked: boolean }) {
  const given = row.gates.map(({ scope, given, quorum }) => `${scope} ${given}/${quorum}`).join(' · ')
  return (
    <>
      <span className="line">
        {ticked ? <span aria-hidden="true">✓</span> : null}
        <Tag kind={row.severity}>{row.severity}</Tag>
        <b className="mono" dir="ltr">
          {row.server}__{row.tool}
        </b>
      </span>
      <span className="line" dir="ltr">
        {row.happens}
      </span>
      <span className="line quiet">
        for {row.human} · {given} · until {new Date(row.expires).toLocaleTimeString()}
      </span>
    </>
  )
}
