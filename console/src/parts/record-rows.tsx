import type { ActivityRow } from '../../../src/api/console-contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Link } from './link.tsx'
import { Tag, When } from './notes.tsx'

/** Records as lines, newest first. */
export function RecordRows({ rows }: { readonly rows: readonly ActivityRow[] }) {
  return (
    <ul className="rows">
      {rows.map(({ index, envelope }) => {
        const { kind, at, call, decision, identity, actor, outcome, approval } = envelope
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
                <When at={Date.parse(at)} /> · {visibleText(identity?.human ?? actor ?? 'the gateway')}
                {identity === undefined ? null : (
                  <>
                    {' '}
                    · <Link to={{ screen: 'audit', item: identity.task }}>timeline of its task</Link>
                  </>
                )}
                {kind === 'decision' ? (
                  <>
                    {' '}
                    · <Link to={{ screen: 'policies', item: envelope.id }}>why</Link>
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
