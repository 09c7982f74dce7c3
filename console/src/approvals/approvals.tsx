import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { InboxRow } from '../../../src/api/console-contract.ts'
import { AskDialog } from '../parts/ask-dialog.tsx'
import { Live, Problem, Quiet } from '../parts/notes.tsx'
import { go } from '../router.ts'
import { useRights } from '../me.ts'
import { ApprovalDetail } from './approval-detail.tsx'
import { refuse } from './decide.ts'
import { Help } from './help.tsx'
import { useInbox } from './inbox.ts'
import { type Chosen, indexOf, toggled } from './choose-rows.ts'
import { InboxList } from './inbox-list.tsx'
import { useKeys } from './use-keys.ts'

/** Requests that the dialog names. */
const NAMED = 5

type Asked = 'refuse' | 'help' | undefined

export function Approvals({ item }: { readonly item?: string }) {
  const inbox = useInbox()
  const { may } = useRights()
  const { pending, decided, stream } = inbox
  const [at, setAt] = useState<Chosen>({ index: 0 })
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<Asked>()
  // As when the dialog opened: the list moves while somebody thinks.
  const [subjects, setSubjects] = useState<readonly string[]>([])
  const index = indexOf(item === undefined ? at : { ...at, id: item }, pending)
  // Only what still waits can be decided about.
  const batch = pending.filter(({ id }) => ticked.has(id))
  const show = (row: InboxRow): void => go({ screen: 'approvals', item: row.id })
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(pending.length - 1, to))
    const row = pending[next]
    setAt({ index: next, ...(row === undefined ? {} : { id: row.id }) })
    if (item !== undefined && row !== undefined) show(row)
  }
  /** Nothing is approved that its approver has not opened; refusing needs no reading. */
  const approveOpen = (): void => {
    const row = pending[index]
    if (item === undefined && row !== undefined) show(row)
    else document.querySelector<HTMLElement>('[data-approve]')?.focus()
  }
  const askToRefuse = (): void => {
    if (!may('POST /approvals/:id/refuse')) return
    const chosen = item ?? pending[index]?.id
    const ids = batch.length > 0 ? batch.map(({ id }) => id) : chosen === undefined ? [] : [chosen]
    setSubjects(ids)
    setAsked(ids.length === 0 ? undefined : 'refuse')
  }
  useKeys({
    j: () => move(index + 1),
    k: () => move(index - 1),
    ArrowDown: () => move(index + 1),
    ArrowUp: () => move(index - 1),
    Enter: () => pending[index] !== undefined && show(pending[index]),
    a: approveOpen,
    r: askToRefuse,
    x: () => pending[index] !== undefined && setTicked(toggled(ticked, pending[index], batch)),
    Escape: () => go({ screen: 'approvals' }),
    '?': () => setAsked('help'),
  })
  return (
    <div className={item === undefined ? 'split' : 'split open'}>
      <div className="side">
        <div className="row head">
          <h1>Approvals</h1>
          <Live live={stream.live} />
          <Button className="plain" aria-label="Keys" onPress={() => setAsked('help')}>
            ?
          </Button>
        </div>
        <p className="quiet" role="status">
          {inbox.loaded
            ? `${pending.length.toLocaleString()} ${pending.length === 1 ? 'waits' : 'wait'}`
            : 'Loading…'}
          {decided.length === 0 ? '' : `, ${decided.length} decided since you opened this`}
        </p>
        <Problem words={stream.lost} ended={stream.ended} />
        {batch.length === 0 ? null : (
          <Batch batch={batch} refuse={askToRefuse} clear={() => setTicked(new Set())} />
        )}
        {inbox.loaded && pending.length === 0 ? (
          <Quiet>Nothing waits for anybody. What agents ask for appears here by itself.</Quiet>
        ) : (
          <InboxList rows={pending} at={index} ticked={ticked} move={move} open={show} />
        )}
      </div>
      <div className="body">
        {item === undefined ? (
          <Quiet>Choose a request to see all of it before you decide.</Quiet>
        ) : (
          <>
            <Button className="back" onPress={() => go({ screen: 'approvals' })}>
              ← All requests
            </Button>
            <ApprovalDetail
              key={`${item} ${stateOf(decided, item)}`}
              id={item}
              refuse={() => {
                setSubjects([item])
                setAsked('refuse')
              }}
            />
          </>
        )}
      </div>
      <Dialogs
        asked={asked}
        subjects={subjects}
        named={pending
          .filter(({ id }) => subjects.includes(id))
          .map(({ tool, happens }) => `${tool}: ${happens}`)}
        close={() => setAsked(undefined)}
        done={() => setTicked(new Set())}
      />
    </div>
  )
}

function stateOf(decided: readonly InboxRow[], id: string): string {
  return decided.find((row) => row.id === id)?.state ?? 'pending'
}

function Batch(props: {
  readonly batch: readonly InboxRow[]
  readonly refuse: () => void
  readonly clear: () => void
}) {
  return (
    <div className="row batch" role="group" aria-label="All that are ticked">
      <b>{props.batch.length} ticked</b>
      <Button className="danger" onPress={props.refuse}>
        Refuse…
      </Button>
      <Button className="plain" onPress={props.clear}>
        Clear
      </Button>
    </div>
  )
}

function Dialogs(props: {
  readonly asked: Asked
  readonly subjects: readonly string[]
  /** What they would do, as far as they still wait. */
  readonly named: readonly string[]
  readonly close: () => void
  readonly done: () => void
}) {
  const { asked, subjects, close } = props
  if (asked === undefined) return null
  if (asked === 'help') return <Help close={close} />
  const run = async (words: string): Promise<void> => {
    for (const id of subjects) await refuse(id, words)
    props.done()
  }
  const what = subjects.length === 1 ? 'this request' : `${subjects.length} requests`
  return (
    <AskDialog
      title={`Refuse ${what}?`}
      label="Why (the agent is told)"
      act="Refuse"
      grave
      close={close}
      run={run}
    >
      <ul className="mono" dir="ltr">
        {props.named.slice(0, NAMED).map((words, at) => (
          <li key={at}>{words}</li>
        ))}
      </ul>
      <p>The call does not run. Your reason goes to the agent and on record.</p>
    </AskDialog>
  )
}
