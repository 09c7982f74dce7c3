import { useState } from 'react'
import type { FatigueAnswer } from '../../../src/api/fatigue-contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet, Tag } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'

const DAY = 86_400_000
const SPANS = { '1': 'day', '7': 'week', '30': '30 days', '365': 'year' } as const

/** How much people are asked, and which rules could decide by themselves. */
export function Fatigue() {
  const [days, setDays] = useState('30')
  // Whole minutes, so that looking again asks the same.
  const [until] = useState(() => Math.ceil(Date.now() / 60_000) * 60_000)
  const path = `/approvals/report?from=${until - Number(days) * DAY}&until=${until}`
  const { value, problem, ended } = useResource<FatigueAnswer>(path)
  return (
    <div className="page">
      <h1>How much people are asked</h1>
      <p className="quiet">
        A rule that people approve in more than 95 % of at least 50 answers is proposed for automation, one
        that they refuse in more than 80 % for denial. Nothing is changed by it. How long people took: half of
        the answers came within the one time, 90 % within the other.
      </p>
      <label className="span">
        Requests of the last{' '}
        <select value={days} onChange={(event) => setDays(event.target.value)}>
          {Object.entries(SPANS).map(([count, words]) => (
            <option key={count} value={count}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <Problem words={problem} ended={ended} />
      {value === undefined && problem === undefined ? <Quiet>Loading…</Quiet> : null}
      {value === undefined ? null : <Report report={value} />}
    </div>
  )
}

function Report({ report }: { readonly report: FatigueAnswer }) {
  const { all, rules, tasks, whole, moreTasks } = report
  if (all.asked === 0) return <Quiet>Nobody was asked anything.</Quiet>
  return (
    <>
      {whole ? null : <p className="note">There were more requests; the oldest are left out.</p>}
      <Table title="By rule" first="Rule">
        {rules.map((rule) => (
          <Row key={rule.policy} answers={rule}>
            <span className="mono">{visibleText(rule.policy)}</span>{' '}
            <Tag kind={rule.severity}>{rule.severity}</Tag>{' '}
            {rule.proposal === undefined ? null : (
              <b>{rule.proposal === 'automate' ? 'could be permitted' : 'could be forbidden'}</b>
            )}
          </Row>
        ))}
        <Row answers={all}>All requests</Row>
      </Table>
      <Table title="By task" first="Task">
        {tasks.map((task) => (
          <Row key={task.task} answers={task}>
            <Link to={{ screen: 'tasks', item: task.task }}>{task.task}</Link> of {visibleText(task.human)}
          </Row>
        ))}
      </Table>
      {moreTasks === 0 ? null : <Quiet>{`And ${moreTasks} more tasks.`}</Quiet>}
    </>
  )
}

function Table(props: {
  readonly title: string
  readonly first: string
  readonly children: React.ReactNode
}) {
  return (
    <section className="part">
      <h2>{props.title}</h2>
      <div className="wide" tabIndex={0} role="group" aria-label={props.title}>
        <table>
          <thead>
            <tr>
              {[props.first, 'Asked', 'Approved', 'Refused', 'Unanswered', 'Rate', 'Half in', '90 % in'].map(
                (name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>{props.children}</tbody>
        </table>
      </div>
    </section>
  )
}

function Row({
  answers,
  children,
}: {
  readonly answers: FatigueAnswer['all']
  readonly children: React.ReactNode
}) {
  const { asked, approved, refused, unanswered, approveRate, toDecide } = answers
  const time = (millis: number | undefined): string =>
    millis === undefined ? '–' : `${Math.round(millis / 1_000).toLocaleString()} s`
  return (
    <tr>
      <th scope="row">{children}</th>
      {[asked, approved, refused, unanswered].map((count, at) => (
        <td key={at}>{count.toLocaleString()}</td>
      ))}
      <td>{approveRate === undefined ? '–' : `${Math.round(approveRate * 100)} %`}</td>
      <td>{time(toDecide?.p50)}</td>
      <td>{time(toDecide?.p90)}</td>
    </tr>
  )
}
