import type { ActivityRow } from '../../../src/api/console-contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Link } from './link.tsx'
import { Tag, When } from './notes.tsx'

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
      {rows.map(({ index, envelope }) => {
        const { kind, at, call, decision, identity, outcome, approval } = envelope
        const word = decision?.effect ?? outcome?.status ?? approval?.state
        return (
          <li key={index}>
            <div>
              <span className="line">
                <span className="mono quiet">#{index}</span> <b>{kind}</b>{' '}
                {word === undefined ? null : <Tag kind={word}>{word}</Tag>}{' '}
                {call === undefined ? null : (
                  <span className="mono" dir="ltr">
                    {visibleText(`${call.server}__${call.tool}`)}
                  </span>
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
      })}
    </ul>
  )
}

/** Who did it, and in whose task, where that is somebody else. */
function whoOf({ actor, identity }: ActivityRow['envelope']): string {
  if (actor === undefined) return identity?.human ?? 'the gateway'
  return identity === undefined || identity.human === actor
    ? actor
    : `${actor}, in a task of ${identity.human}`
}
