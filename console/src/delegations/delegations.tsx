import type { TaskTreeAnswer } from '../../../src/api/contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Link } from '../parts/link.tsx'
import { Tag } from '../parts/notes.tsx'
import { Drawing } from './drawing.tsx'
import { countHops, type Hop, hopsOf } from './hops.ts'

/** More in one picture nobody can follow. */
const MOST_DRAWN = 60

/** Who delegated to whom in a tree of tasks, as `remit task graph` has it: a list, and a drawing of it. */
export function Delegations(props: { readonly tree: TaskTreeAnswer['tree']; readonly marked: string }) {
  const root = hopsOf(props.tree, Date.now())
  const count = countHops(root)
  return (
    <section className="part" aria-labelledby="delegations">
      <h2 id="delegations">Who delegated to whom</h2>
      <div className="delegations">
        <div className="list">
          <p>
            <b>{root.task.human}</b> <span className="quiet">(human) delegated to</span>
          </p>
          <ul className="tree" aria-labelledby="delegations">
            <HopRow hop={root} marked={props.marked} />
          </ul>
        </div>
        {count > MOST_DRAWN ? (
          <p className="quiet">{count.toLocaleString()} tasks are too many to draw.</p>
        ) : (
          <Drawing root={root} marked={props.marked} />
        )}
      </div>
    </section>
  )
}

function HopRow({ hop, marked }: { readonly hop: Hop; readonly marked: string }) {
  const { task, state, halted, scope, below } = hop
  return (
    <li>
      <div className={task.id === marked ? 'marked' : ''}>
        <Tag kind={state}>{state}</Tag>{' '}
        <Link to={{ screen: 'tasks', item: task.id }} current={task.id === marked}>
          {visibleText(task.agent.id)}
        </Link>
        {halted ? <span className="quiet"> stopped: a task above it is no longer active</span> : null}
        <p className="quiet">
          “{visibleText(task.intent)}” · from {visibleText(hop.from)}
        </p>
        <p>
          <span className="quiet">Scope:</span> {visibleText(scope)}
        </p>
      </div>
      {below.length === 0 ? null : (
        <ul aria-label={`What ${visibleText(task.agent.id)} delegated`}>
          {below.map((each) => (
            <HopRow key={each.task.id} hop={each} marked={marked} />
          ))}
        </ul>
      )}
    </li>
  )
}
