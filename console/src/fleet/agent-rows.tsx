import type { FleetRow } from '../../../src/api/fleet-contract.ts'
import type { HookState } from '../../../src/core/fleet.ts'
import { FLEET_ADVICE, type FleetProblem } from '../../../src/core/fleet-problems.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Link } from '../parts/link.tsx'
import { Tag, When } from '../parts/notes.tsx'
import { recordsOf } from './arrange-fleet.ts'

const WEIGHT: Readonly<Record<HookState, string>> = {
  alive: 'up',
  quiet: 'medium',
  missing: 'high',
  disabled: 'high',
  changed: 'high',
  unknown: 'unknown',
}

/** Agents as lines. @param props.task whose agents these are: no line leads to it again. */
export function AgentRows({ rows, task }: { readonly rows: readonly FleetRow[]; readonly task?: string }) {
  return (
    <ul className="rows">
      {rows.map((row) => (
        <AgentRow key={row.id} row={row} task={task} />
      ))}
    </ul>
  )
}

function AgentRow({ row, task }: { readonly row: FleetRow; readonly task: string | undefined }) {
  const { agent, version, machine, state, seen, human, remit, problems } = row
  return (
    <li>
      <div>
        <Tag kind={WEIGHT[state]}>hooks {state}</Tag> <b>{visibleText(agent)}</b> {version}{' '}
        {machine === null ? (
          'on a machine that was not told'
        ) : (
          <>
            on <b>{visibleText(machine.name)}</b>{' '}
            <span className="quiet">({visibleText(machine.platform)})</span>
          </>
        )}
        <p className="quiet">
          {visibleText(human)} · last seen <When at={seen} />
          <HooksHeard row={row} />
          {remit === null ? '' : ` · Remit ${remit}`}
          {row.task === task ? null : (
            <>
              {' '}
              · <Link to={{ screen: 'tasks', item: row.task }}>its task</Link>
            </>
          )}{' '}
          · <Link to={{ screen: 'audit', query: recordsOf(row) }}>its records</Link>
        </p>
        {problems.map((problem) => (
          <ToMend key={problem} problem={problem} irregular={row.irregular} />
        ))}
      </div>
    </li>
  )
}

/** What its state alone does not say. */
function HooksHeard({ row: { state, heard } }: { readonly row: FleetRow }) {
  if (state === 'alive') return null
  if (heard === null) return ` · hooks ${state === 'quiet' ? 'set up, ' : ''}never heard`
  return (
    <>
      {' '}
      · hooks heard until <When at={heard} />
    </>
  )
}

function ToMend({ problem, irregular }: { readonly problem: FleetProblem } & Pick<FleetRow, 'irregular'>) {
  const { says, fix, page, section } = FLEET_ADVICE[problem]
  return (
    <p className="note bad">
      It {says}
      {irregular?.reason === problem ? (
        <>
          {' '}
          (<When at={irregular.at} />)
        </>
      ) : null}
      . To mend it: {fix}{' '}
      <span className="quiet">
        ({page}, “{section}”)
      </span>
      .
    </p>
  )
}
