import type { ActivityRow } from '../../../src/api/console-contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Link } from './link.tsx'
import { Tag, When } from './notes.tsx'
import { recordEntries } from './record-entries.ts'

/** Records as lines, newest first. @param props.task whose timeline this is: no line leads to it again. */
export function RecordRows({
  rows,
  task,
}: {
  readonly rows: readonly ActivityRow[]
  readonly task?: string | undefined
}) {
  return (
    <ul className="rows">
      {recordEntries(rows).map(({ use, rows: [first, ...others] }) =>
        use === undefined ? (
          <RecordRow key={first.index} row={first} task={task} />
        ) : (
          <li key={first.index}>
            <div>
              One use of a tool, as its agent’s hook and the gateway heard it:{' '}
              <Link to={{ screen: 'audit', query: `use = ${JSON.stringify(use)}` }}>
                <span className="mono">{visibleText(use)}</span>
              </Link>
              <ul className="rows halves">
                {[first, ...others].map((row) => (
                  <RecordRow key={row.index} row={row} task={task} />
                ))}
              </ul>
            </div>
          </li>
        ),
      )}
    </ul>
  )
}

/** On which way a call came, where it was not the gateway’s own. */
const CAME = {
  mcp: '',
  hook: 'at its hook ',
  egress: 'on its way out ',
  authzen: 'over AuthZEN ',
  workspace: 'in the workspace ',
} as const

function RecordRow({ row, task }: { readonly row: ActivityRow; readonly task: string | undefined }) {
  const { index, envelope } = row
  const { kind, at, call, decision, identity, outcome, approval } = envelope
  const word = decision?.effect ?? outcome?.status ?? approval?.state
  return (
    <li>
      <div>
        <span className="line">
          <span className="mono quiet">#{index}</span> <b>{kind}</b>{' '}
          {word === undefined ? null : <Tag kind={word}>{word}</Tag>}{' '}
          {call === undefined ? null : (
            <>
              <span className="quiet">{CAME[call.door]}</span>
              <span className="mono" dir="ltr">
                {visibleText(`${call.server}__${call.tool}`)}
              </span>
            </>
          )}
        </span>
        <p className="quiet">
          <When at={Date.parse(at)} /> · {visibleText(whoOf(envelope))}
          {approval === undefined ? null : (
            <>
              {' '}
              · <Link to={{ screen: 'approvals', item: approval.id }}>the request</Link>
            </>
          )}
          {identity === undefined || identity.task === task ? null : (
            <>
              {' '}
              · <Link to={{ screen: 'audit', item: identity.task }}>timeline of its task</Link>
            </>
          )}
          {kind === 'decision' ? (
            <>
              {' '}
              · <Link to={{ screen: 'why', item: envelope.id }}>why</Link>
            </>
          ) : null}
        </p>
      </div>
    </li>
  )
}

/** Who did it, and in whose task, where that is somebody else; which agent, where another delegated to it. */
function whoOf({ actor, identity }: ActivityRow['envelope']): string {
  if (actor === undefined) {
    if (identity === undefined) return 'the gateway'
    return identity.chain.length < 2 ? identity.human : `${identity.human}, by ${identity.agent.id}`
  }
  return identity === undefined || identity.human === actor
    ? actor
    : `${actor}, in a task of ${identity.human}`
}
