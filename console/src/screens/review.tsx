import { useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import type { ReviewAnswer, ReviewItem } from '../../../src/api/review-contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { post } from '../gateway.ts'
import { useRights } from '../me.ts'
import { AskDialog } from '../parts/ask-dialog.tsx'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet, Tag, When } from '../parts/notes.tsx'
import { reviewSigned } from '../use-overdue.ts'
import { useResource } from '../use-resource.ts'

const TITLES: Readonly<Record<ReviewItem['section'], string>> = {
  reported: 'Reported: not clear, or wrong',
  'missing-permit': 'Denials that look like missing permits',
  'second-look': 'Approvals worth a second look',
  'combined-surface': 'What tasks could join',
  'standing-authority': 'Humans with standing authority',
  'new-surface': 'New surface since the last review',
  'answered-alike': 'Gates that are always answered alike',
  'unused-permit': 'Permits that let nothing through',
  ledger: 'The ledger itself',
}
const AGAIN_MS = 1_000

/** What there is to look at since the last sign-off; marks, and the sign-off itself. */
export function Review() {
  const [fresh, setFresh] = useState(false)
  const { value, problem, ended, again } = useResource<ReviewAnswer>(
    // What is being made is waited for, and not made once more.
    fresh ? '/review?fresh=1' : '/review',
  )
  const running = value?.running !== undefined
  useEffect(() => {
    if (!running) return undefined
    const timer = setTimeout(() => {
      setFresh(false)
      again()
    }, AGAIN_MS)
    return () => clearTimeout(timer)
  }, [running, value, again])
  const [done, setDone] = useState(0)
  useEffect(() => {
    if (done > 0) {
      setFresh(false)
      again()
    }
  }, [done, again])
  return (
    <div className="page">
      <h1>Review</h1>
      <Problem words={problem} ended={ended} />
      {value === undefined ? (
        problem === undefined ? (
          <Quiet>Loading…</Quiet>
        ) : null
      ) : (
        <>
          <Standing answer={value} />
          <p>
            <Button
              onPress={() => {
                setFresh(true)
                again()
              }}
            >
              Look again
            </Button>
          </p>
          {value.report === undefined ? null : (
            <Report report={value.report} answer={value} changed={() => setDone((before) => before + 1)} />
          )}
        </>
      )}
    </div>
  )
}

function Standing({ answer: { state, running } }: { readonly answer: ReviewAnswer }) {
  const { due, overdue, owner, last } = state
  return (
    <>
      <p className={overdue ? 'note bad' : 'quiet'} {...(overdue ? { role: 'alert' as const } : {})}>
        {overdue ? 'Overdue since ' : 'Due '}
        <When at={due} />, by {owner === undefined ? 'any admin' : visibleText(owner)}.{' '}
        {last === undefined ? (
          'Nobody has signed off a review yet.'
        ) : (
          <>
            Last signed off by {visibleText(last.by)}, <When at={last.at} />: {last.items} items, {last.open}{' '}
            open.
          </>
        )}
      </p>
      {running === undefined ? null : (
        <p role="status">
          <progress value={running.looked} max={Math.max(1, running.of)} aria-label="Records looked at" />{' '}
          {running.looked.toLocaleString()} of {running.of.toLocaleString()} records looked at
        </p>
      )}
    </>
  )
}

type Report = NonNullable<ReviewAnswer['report']>

function Report(props: {
  readonly report: Report
  readonly answer: ReviewAnswer
  readonly changed: () => void
}) {
  const { report, answer, changed } = props
  const { items, more, whole, looked, decisions, from } = report
  const [all, setAll] = useState(false)
  const [marked, setMarked] = useState<ReviewItem>()
  const open = items.filter(({ settled }) => !settled)
  const shown = all ? items : open
  return (
    <>
      <p className="quiet">
        Since <When at={from} />: {looked.toLocaleString()} records, {decisions.toLocaleString()} decisions.{' '}
        {whole ? '' : 'There were more; the oldest are left out. '}
        {open.length} open, {items.length - open.length} settled.{' '}
        <Button className="plain flush" aria-pressed={all} onPress={() => setAll(!all)}>
          {all ? 'Hide what is settled' : 'Show what is settled'}
        </Button>
      </p>
      {Object.entries(TITLES).map(([section, title]) => {
        const own = shown.filter((item) => item.section === section)
        const left = more[section as ReviewItem['section']] ?? 0
        return own.length === 0 ? null : (
          <section className="part" key={section}>
            <h2>{title}</h2>
            <ul className="rows">
              {own.map((item) => (
                <Item key={item.id} item={item} mark={() => setMarked(item)} />
              ))}
            </ul>
            {left === 0 ? null : <p className="quiet">And {left.toLocaleString()} more.</p>}
          </section>
        )
      })}
      <SignOff report={report} answer={answer} changed={changed} />
      {marked === undefined ? null : (
        <MarkDialog item={marked} changed={changed} close={() => setMarked(undefined)} />
      )}
    </>
  )
}

function Item({ item, mark }: { readonly item: ReviewItem; readonly mark: () => void }) {
  const { may } = useRights()
  const { says, comment, owner, records, last } = item
  return (
    <li>
      <div>
        {item.mark === undefined ? null : <Tag>{item.mark.mark}</Tag>} {visibleText(says)}
        {comment === undefined ? null : <p>“{visibleText(comment)}”</p>}
        <p className="quiet">
          {owner === undefined ? null : `owner ${visibleText(owner)} · `}
          {last === undefined ? null : (
            <>
              last <When at={last} />{' '}
            </>
          )}
          {records.map((id) => (
            <span key={id}>
              · <Link to={placeOf(id)}>{id.slice(0, 12)}…</Link>{' '}
            </span>
          ))}
          {item.mark === undefined ? null : (
            <>
              · {item.mark.mark} by {visibleText(item.mark.by)}: {visibleText(item.mark.comment ?? '')}
            </>
          )}
        </p>
        {may('POST /review/mark') ? <Button onPress={mark}>Mark…</Button> : null}
      </div>
    </li>
  )
}

function placeOf(id: string) {
  if (id.startsWith('tsk_')) return { screen: 'tasks', item: id }
  return { screen: id.startsWith('apr_') ? 'approvals' : 'why', item: id }
}

const CHOICES = {
  'accepted 90': 'Accepted for 90 days',
  accepted: 'Accepted for good',
  todo: 'To do',
  fixed: 'Fixed',
} as const
const DAY = 86_400_000

function MarkDialog(props: {
  readonly item: ReviewItem
  readonly changed: () => void
  readonly close: () => void
}) {
  const [choice, setChoice] = useState<string>('accepted 90')
  return (
    <AskDialog
      title="What becomes of it?"
      label="Why (on record)"
      act="Mark"
      needed
      close={props.close}
      run={async (comment) => {
        const [mark, days] = choice.split(' ')
        const until = days === undefined ? {} : { until: Date.now() + Number(days) * DAY }
        await post('/review/mark', { item: props.item.id, mark, comment, ...until })
        props.changed()
      }}
    >
      <p>{visibleText(props.item.says)}</p>
      <label>
        It is{' '}
        <select value={choice} onChange={(event) => setChoice(event.target.value)}>
          {Object.entries(CHOICES).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </AskDialog>
  )
}

function SignOff(props: {
  readonly report: Report
  readonly answer: ReviewAnswer
  readonly changed: () => void
}) {
  const { may, human } = useRights()
  const [asking, setAsking] = useState(false)
  const { owner } = props.answer.state
  if (!may('POST /review/sign-off') || (owner !== undefined && owner !== human)) return null
  return (
    <p>
      <Button className="main" onPress={() => setAsking(true)}>
        Sign off…
      </Button>
      {asking ? (
        <AskDialog
          title="Sign off this review?"
          label="What came of it (on record)"
          act="Sign off"
          needed
          close={() => setAsking(false)}
          run={async (comment) => {
            await post('/review/sign-off', { digest: props.report.digest, comment })
            reviewSigned()
            props.changed()
          }}
        >
          <p>
            It says that you looked at these {props.report.items.length} items: digest{' '}
            <span className="mono">{props.report.digest.slice(0, 16)}</span>.
          </p>
        </AskDialog>
      ) : null}
    </p>
  )
}
