import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { WhyAnswer } from '../../../src/api/why-contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { post } from '../gateway.ts'
import { useRights } from '../me.ts'
import { AskDialog } from '../parts/ask-dialog.tsx'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet, Tag, When } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'

/** Why a call was decided so: asked, decided, to change, to ask. @param props.item a decision, a request, a task for its newest stop; absent = one’s own newest stop. */
export function Why({ item = 'last' }: { readonly item?: string }) {
  const { value, problem, ended } = useResource<WhyAnswer>(`/why/${item}`)
  return (
    <div className="page">
      <h1>Why it was decided so</h1>
      <Problem words={problem} ended={ended} />
      {value === undefined ? problem === undefined ? <Quiet>Loading…</Quiet> : null : <Answer why={value} />}
    </div>
  )
}

const CHANGE = {
  allow: 'What would have stopped it',
  consent: 'What would have to change',
  deny: 'What would have to change',
}

function Answer({ why }: { readonly why: WhyAnswer }) {
  const { asked, identity, approval, outcome, change, ask, notes } = why
  return (
    <>
      <p>
        <Tag kind={why.effect}>{why.effect}</Tag>{' '}
        <b className="mono" dir="ltr">
          {asked.call === undefined ? '' : visibleText(`${asked.call.server}__${asked.call.tool}`)}
        </b>{' '}
        <When at={Date.parse(why.at)} /> <span className="mono quiet">{why.id}</span>
      </p>
      <section className="part">
        <h2>What was asked</h2>
        <Lines lines={asked.operations} />
        {asked.more === 0 ? null : <p className="quiet">And {asked.more} more.</p>}
        {asked.intent === undefined ? null : <p>For: “{visibleText(asked.intent)}”</p>}
        <p className="quiet">
          {identity === undefined ? null : (
            <>
              {visibleText(identity.agent.id)} in{' '}
              <Link to={{ screen: 'tasks', item: identity.task }}>a task</Link> of{' '}
              {visibleText(identity.human)} ({visibleText(identity.workflow)})
            </>
          )}
          {approval === undefined ? null : (
            <>
              {' '}
              · <Link to={{ screen: 'approvals', item: approval.id }}>its request</Link>: {approval.state}
            </>
          )}
          {outcome === undefined ? null : ` · it ran: ${outcome.status}`}
        </p>
      </section>
      <section className="part">
        <h2>What decided</h2>
        {why.decidedBy.map((rule) => (
          <Rule key={rule.rule} rule={rule} />
        ))}
      </section>
      {change.length === 0 ? null : (
        <section className="part">
          <h2>{CHANGE[why.effect]}</h2>
          <Lines lines={change} />
        </section>
      )}
      {ask.map(({ who, as, how }) => (
        <section className="part" key={as}>
          <h2>Whom to ask</h2>
          <p>
            {who.length === 0 ? null : <b>{visibleText(who.join(', '))}</b>} <span>{visibleText(as)}</span>
          </p>
          <p className="quiet">They can: {visibleText(how)}</p>
        </section>
      ))}
      {notes.map((note) => (
        <p className="note" key={note}>
          {visibleText(note)}
        </p>
      ))}
      <Report why={why} />
    </>
  )
}

function Rule({ rule }: { readonly rule: WhyAnswer['decidedBy'][number] }) {
  return (
    <>
      <p>
        <b className="mono">{visibleText(rule.rule)}</b> {visibleText(rule.says)}{' '}
        <span className="quiet">{rule.place === undefined ? '' : visibleText(rule.place)}</span>
      </p>
      <ul>
        {rule.facts.map(({ fact, value, from }) => (
          <li key={fact}>
            <span className="mono">
              {visibleText(fact)} = {visibleText(value)}
            </span>{' '}
            <span className="quiet">{from}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{visibleText(line)}</li>
      ))}
    </ul>
  )
}

function Report({ why }: { readonly why: WhyAnswer }) {
  const { reaches } = useRights()
  const [asking, setAsking] = useState(false)
  const [told, setTold] = useState(false)
  if (why.effect === 'allow' || !reaches('POST /why/:id/report', why.identity?.human ?? '')) return null
  if (told) return <p role="status">It is in the next review.</p>
  return (
    <p>
      <Button onPress={() => setAsking(true)}>This is not clear, or wrong…</Button>
      {asking ? (
        <AskDialog
          title="Put it into the next review?"
          label="What is not clear, or wrong"
          act="Report"
          needed
          close={() => setAsking(false)}
          run={async (text) => {
            await post(`/why/${why.id}/report`, { text })
            setTold(true)
          }}
        />
      ) : null}
    </p>
  )
}
