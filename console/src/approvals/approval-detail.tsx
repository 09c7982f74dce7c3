import { useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import type { ApprovalAnswer } from '../../../src/api/contract.ts'
import type { ShownApproval } from '../../../src/core/approval.ts'
import type { Widening } from '../../../src/core/widening.ts'
import { voterText } from '../../../src/core/cover.ts'
import { wordsOf } from '../gateway.ts'
import { useRights } from '../me.ts'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet, Tag, When } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'
import { approve } from './decide.ts'
import { Lasting } from './lasting.tsx'
import { PromptView } from './prompt-view.tsx'

export function ApprovalDetail({ id, refuse }: { readonly id: string; readonly refuse: () => void }) {
  // Its address carries what the row says of it, so that a decision elsewhere is read at once.
  const { value, problem, ended, again } = useResource<ApprovalAnswer>(`/approvals/${id}`)
  if (problem !== undefined) return <Problem words={problem} ended={ended} />
  if (value === undefined) return <Quiet>Loading…</Quiet>
  return <Shown approval={value.approval} refuse={refuse} again={again} />
}

interface ShownProps {
  readonly approval: ShownApproval
  readonly refuse: () => void
  readonly again: () => void
}

function Shown({ approval, refuse, again }: ShownProps) {
  const { id, server, tool, task, human, state, gates, votes } = approval
  const { may, reaches, human: reader } = useRights()
  // Whoever agreed to each gate that is open has nothing to add.
  const open = gates.filter((gate) => votes.filter((vote) => vote.gate === gate.scope).length < gate.quorum)
  const agreed = open.every((gate) => votes.some((vote) => vote.gate === gate.scope && vote.human === reader))
  return (
    <article className="detail" aria-labelledby="detail-title">
      <h2 id="detail-title" className="mono" dir="ltr">
        {server}__{tool}
      </h2>
      <p className="row quiet">
        <Tag kind={state}>{state}</Tag>
        <span className="mono">{id}</span>
        {reaches('GET /tasks/:id', human) ? <Link to={{ screen: 'tasks', item: task }}>its task</Link> : null}
        {reaches('GET /explain/:id', human) ? (
          <Link to={{ screen: 'why', item: id }}>why it was asked</Link>
        ) : null}
      </p>
      <PromptView prompt={approval.prompt} />
      <section className="part">
        <h3>Who has to agree</h3>
        <ul className="gates">
          {gates.map(({ scope, by, quorum, severity, escalateTo, escalateAfter = 0 }) => (
            <li key={scope}>
              <Tag kind={severity}>{severity}</Tag> <b>{scope}</b>: {by ?? 'anybody who may approve'},{' '}
              {votes.filter((vote) => vote.gate === scope).length} of {quorum}
              {escalateTo === undefined ? null : (
                <span className="quiet">
                  ; also {escalateTo} from <When at={approval.created + escalateAfter * 1_000} />
                </span>
              )}
            </li>
          ))}
        </ul>
        {votes.map((vote) => (
          <p key={`${vote.gate} ${vote.human}`} className="quiet">
            {voterText(vote)} agreed to {vote.gate}, <When at={vote.at} />
            {vote.channel === 'slack' ? ' in Slack' : ''}
            {vote.escalated === undefined ? '' : ', since others may as well'}
            {vote.assertion === undefined ? '' : ', signed with a passkey'}
            {vote.comment === undefined ? '' : `: “${vote.comment}”`}
          </p>
        ))}
        {approval.refusal === undefined ? null : (
          <p className="note bad">
            Refused by {approval.refusal.human}
            {approval.refusal.channel === 'slack' ? ' in Slack' : ''}: “{approval.refusal.reason}”
          </p>
        )}
        {approval.withdrawn === undefined ? null : <p className="note">Withdrawn: {approval.withdrawn}</p>}
      </section>
      {state === 'pending' && may('POST /approvals/:id/approve') ? (
        agreed ? (
          <div className="answer row">
            <span role="status">You agreed; it waits for somebody else.</span>
            <Button className="danger" onPress={refuse}>
              Refuse after all…
            </Button>
          </div>
        ) : (
          <Answer approval={approval} refuse={refuse} again={again} />
        )
      ) : null}
    </article>
  )
}

function Answer({ approval, refuse, again }: ShownProps) {
  const [comment, setComment] = useState('')
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [widen, setWiden] = useState<Widening>()
  const grave = approval.gates.some(({ severity }) => severity === 'high')
  const run = (forTask: boolean): void => {
    setBusy(true)
    setProblem(undefined)
    approve(approval.id, {
      comment: comment.trim(),
      forTask,
      widen: forTask ? widen : undefined,
      code,
    })
      .then(again, (thrown: unknown) => setProblem(wordsOf(thrown)))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <Lasting approval={approval} widen={widen} choose={setWiden} />
      <div className="answer">
        <Problem words={problem} />
        <TextField value={comment} onChange={setComment} maxLength={2_000}>
          <Label>
            Why <small>kept with your decision; may be empty</small>
          </Label>
          <Input />
        </TextField>
        {grave && problem !== undefined ? (
          <TextField value={code} onChange={setCode} type="password" autoComplete="off">
            <Label>
              Your approver code <small>only if you have no passkey</small>
            </Label>
            <Input />
          </TextField>
        ) : null}
        <div className="row">
          <Button className="main" data-approve isDisabled={busy} onPress={() => run(false)}>
            {grave ? 'Approve once, with your passkey' : 'Approve once'}
          </Button>
          {approval.offer === undefined ? null : (
            <Button isDisabled={busy} onPress={() => run(true)}>
              {widen === undefined ? 'Approve for the rest of the task' : 'Approve for the task, widened'}
            </Button>
          )}
          <Button className="danger" isDisabled={busy} onPress={refuse}>
            Refuse…
          </Button>
        </div>
      </div>
    </>
  )
}
