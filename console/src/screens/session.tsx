import { useEffect, useState } from 'react'
import type { AuditQueryAnswer } from '../../../src/api/audit-contract.ts'
import { sessionSteps } from '../../../src/core/session/session-steps.ts'
import { type StepWords, stepWords } from '../../../src/core/session/step-words.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { Link } from '../parts/link.tsx'
import { Problem, Quiet, Tag, When } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'
import { useStepKeys } from '../parts/step-keys.ts'

const MOST = 2_000

/** What a task and all below it did, a step at a time. */
export function Session({ item = '' }: { readonly item?: string }) {
  const quoted = item.replaceAll(/[^A-Za-z0-9_-]/g, '')
  const q = encodeURIComponent(`under = "${quoted}" or id = "${quoted}" order by at asc`)
  const { value, problem, ended } = useResource<AuditQueryAnswer>(`/records/query?limit=${MOST}&q=${q}`)
  const steps = sessionSteps(value?.records ?? [], quoted)
  const [at, setAt] = useState(0)
  const step = steps[at]
  useStepKeys(steps.length, setAt)
  useEffect(() => {
    document.querySelector('.session [aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  return (
    <div className="page">
      <p>
        <Link to={{ screen: 'tasks', item: quoted }}>← The task</Link>
      </p>
      <h1>Session of a task</h1>
      <p className="quiet">
        J and K or the arrow keys go through it. That you read it is on record; what was sent and answered is
        for auditors and the human whose task it is.
      </p>
      <Problem words={problem} ended={ended} />
      {value !== undefined && steps.length === 0 ? <Quiet>No record is of this task.</Quiet> : null}
      {value?.next === undefined ? null : (
        <Quiet>It goes on: these are the steps of its first {MOST} records.</Quiet>
      )}
      {step === undefined ? null : (
        <>
          <ol className="session" aria-label="Steps">
            {steps.map((each, place) => {
              const { title, verdict } = stepWords(each)
              return (
                <li key={each.records[0].index}>
                  <button
                    type="button"
                    className="plain"
                    aria-current={place === at ? 'step' : undefined}
                    onClick={() => setAt(place)}
                  >
                    {'· '.repeat(each.depth)}
                    {visibleText(title)} {verdict === undefined ? null : <Tag kind={verdict}>{verdict}</Tag>}
                  </button>
                </li>
              )
            })}
          </ol>
          <article className="detail" aria-live="polite">
            <h2>
              {at + 1} of {steps.length}: {visibleText(stepWords(step).title)}
            </h2>
            <p className="quiet">
              <When at={Date.parse(step.at)} />
            </p>
            <Parts words={stepWords(step)} />
          </article>
        </>
      )}
    </div>
  )
}

const PARTS = [
  ['asked', 'What was asked'],
  ['decided', 'What was decided, and why'],
  ['consent', 'Consent'],
  ['answered', 'What came back'],
] as const

function Parts({ words }: { readonly words: StepWords }) {
  return PARTS.filter(([part]) => words[part].length > 0).map(([part, title]) => (
    <section key={part}>
      <h3>{title}</h3>
      <pre tabIndex={0}>{words[part].map((line) => visibleText(line)).join('\n')}</pre>
    </section>
  ))
}
