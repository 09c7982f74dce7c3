import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { HaltsAnswer, TasksAnswer, TaskTreeAnswer } from '../../../src/api/contract.ts'
import { type Task, taskState } from '../../../src/core/identity.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Delegations } from '../delegations/delegations.tsx'
import { AgentsOfTask } from '../fleet/agents-of-task.tsx'
import { post } from '../gateway.ts'
import { useRights } from '../me.ts'
import { AskDialog } from '../parts/ask-dialog.tsx'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet, Tag, When } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'

export function Tasks({ item }: { readonly item?: string }) {
  return item === undefined ? <TaskList /> : <TaskTree id={item} />
}

function TaskList() {
  const { value, problem, ended } = useResource<TasksAnswer>('/tasks?limit=500')
  return (
    <div className="page">
      <h1>Tasks</h1>
      <Problem words={problem} ended={ended} />
      <Halts />
      {value === undefined && problem === undefined ? <Quiet>Loading…</Quiet> : null}
      {value?.tasks.length === 0 ? (
        <Quiet>
          Nobody has delegated anything yet. A task begins when somebody connects an agent (`remit connect`),
          or with `remit task create`.
        </Quiet>
      ) : null}
      <ul className="rows">
        {value?.tasks.map((task) => (
          <TaskRow key={task.id} task={task} />
        ))}
      </ul>
    </div>
  )
}

function TaskRow({ task }: { readonly task: Task }) {
  const state = taskState(task, Date.now())
  return (
    <li>
      <div>
        <Tag kind={state}>{state}</Tag>{' '}
        <Link to={{ screen: 'tasks', item: task.id }}>{visibleText(task.intent)}</Link>
        <p className="quiet">
          {task.workflow} for {task.human} · agent {visibleText(task.agent.id)} · until{' '}
          <When at={task.expires} />
        </p>
      </div>
    </li>
  )
}

function Halts() {
  const { value, again } = useResource<HaltsAnswer>('/halts')
  const { may } = useRights()
  const [lifted, setLifted] = useState<HaltsAnswer['halts'][number]>()
  if (value === undefined || value.halts.length === 0) return null
  return (
    <section aria-label="Stopped">
      {value.halts.map((halt) => (
        <p key={`${halt.target} ${halt.id}`} className="note bad">
          {halt.target} <b>{visibleText(halt.id)}</b> is stopped by {halt.by}: “{visibleText(halt.reason)}”{' '}
          {may('POST /halts/lift') ? <Button onPress={() => setLifted(halt)}>Let go…</Button> : null}
        </p>
      ))}
      {lifted === undefined ? null : (
        <AskDialog
          title={`Let ${lifted.target} ${visibleText(lifted.id)} go again?`}
          label="Why"
          act="Let go"
          needed
          close={() => setLifted(undefined)}
          run={async (reason) => {
            await post('/halts/lift', { target: lifted.target, id: lifted.id, reason })
            again()
          }}
        />
      )}
    </section>
  )
}

/** Nobody’s name: what concerns more than one human. */
const EVERYBODY = ''

type Branch = TaskTreeAnswer['tree']
type Stop = { readonly words: string; readonly run: (reason: string) => Promise<unknown> }

function TaskTree({ id }: { readonly id: string }) {
  const { value, problem, ended, again } = useResource<TaskTreeAnswer>(`/tasks/${id}/tree`)
  const [stop, setStop] = useState<Stop>()
  return (
    <div className="page">
      <p>
        <Link to={{ screen: 'tasks' }}>← All tasks</Link>
      </p>
      <h1>Task and all below it</h1>
      <Problem words={problem} ended={ended} />
      {value === undefined && problem === undefined ? <Quiet>Loading…</Quiet> : null}
      {value === undefined ? null : (
        <>
          <Delegations tree={value.tree} marked={id} />
          <AgentsOfTask tree={value.tree} marked={id} />
          <h2>Each task</h2>
          <ul className="rows tree">
            <TreeBranch branch={value.tree} marked={id} stop={setStop} />
          </ul>
        </>
      )}
      {stop === undefined ? null : (
        <AskDialog
          title={stop.words}
          label="Why (on record)"
          act="Stop"
          grave
          needed
          close={() => setStop(undefined)}
          run={async (reason) => {
            await stop.run(reason)
            again()
          }}
        >
          <p>
            It holds from the next call on, everywhere; calls that are out are cancelled where they can be.
          </p>
        </AskDialog>
      )}
    </div>
  )
}

function TreeBranch(props: {
  readonly branch: Branch
  readonly marked: string
  readonly stop: (stop: Stop) => void
}) {
  const { branch, marked, stop } = props
  const { task, children } = branch
  const { reaches } = useRights()
  const state = taskState(task, Date.now())
  const halt = (target: 'agent' | 'human', id: string): void =>
    stop({
      words: `Stop ${target} ${visibleText(id)} in all tasks?`,
      run: (reason) => post('/halts', { target, id, reason }),
    })
  return (
    <li>
      <div className={task.id === marked ? 'marked' : ''}>
        <Tag kind={state}>{state}</Tag> <b>{visibleText(task.intent)}</b>
        <p className="quiet">
          <span className="mono">{task.id}</span> · {task.workflow} for {task.human} · agent{' '}
          {visibleText(task.agent.id)} ({visibleText(task.agent.kind)}) · {task.environment} · until{' '}
          <When at={task.expires} />
        </p>
        <p>
          <Link to={{ screen: 'audit', item: task.id }}>Its timeline</Link> ·{' '}
          <Link to={{ screen: 'session', item: task.id }}>Its session</Link> ·{' '}
          <Link to={{ screen: 'why', item: task.id }}>Why its newest stop</Link>
        </p>
        {state === 'active' ? (
          <div className="row">
            {reaches('POST /tasks/:id/revoke', task.human) ? (
              <Button
                className="danger"
                onPress={() =>
                  stop({
                    words: 'Stop this task and all below it?',
                    run: (reason) => post(`/tasks/${task.id}/revoke`, { reason }),
                  })
                }
              >
                Stop this task…
              </Button>
            ) : null}
            {reaches('POST /halts', EVERYBODY) ? (
              <Button className="danger" onPress={() => halt('agent', task.agent.id)}>
                Stop the agent…
              </Button>
            ) : null}
            {reaches('POST /halts', task.human) ? (
              <Button className="danger" onPress={() => halt('human', task.human)}>
                Stop all of {task.human}…
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
      {children.length === 0 ? null : (
        <ul>
          {children.map((child) => (
            <TreeBranch key={child.task.id} branch={child} marked={marked} stop={stop} />
          ))}
        </ul>
      )}
    </li>
  )
}
