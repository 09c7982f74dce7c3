import { useState } from 'react'
import { Button } from 'react-aria-components'
import type { Cover } from '../../../src/core/cover.ts'
import type { CoversAnswer } from '../../../src/api/covers-contract.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import { post, wordsOf } from '../gateway.ts'
import { useRights } from '../me.ts'
import { CoverForm } from './cover-form.tsx'
import { Problem, Quiet, Tag, When } from '../parts/notes.tsx'
import { useResource } from '../use-resource.ts'

/** Who is away, and who agrees for whom. */
export function Covers() {
  const { value, problem, ended, again } = useResource<CoversAnswer>('/covers')
  const { may, human } = useRights()
  const own = value?.covers.find((cover) => cover.human === human)
  return (
    <div className="page">
      <h1>Away, and deputies</h1>
      <Problem words={problem} ended={ended} />
      {value === undefined && problem === undefined ? <Quiet>Loading…</Quiet> : null}
      {value?.covers.length === 0 ? (
        <Quiet>Nobody is away, and nobody agrees for somebody else.</Quiet>
      ) : null}
      <ul className="rows">
        {value?.covers.map((cover) => (
          <CoverRow key={cover.human} cover={cover} again={again} />
        ))}
      </ul>
      {value !== undefined && may('POST /covers') ? (
        <CoverForm key={own === undefined ? 'new' : own.since} own={own} again={again} />
      ) : null}
    </div>
  )
}

function CoverRow({ cover, again }: { readonly cover: Cover; readonly again: () => void }) {
  const { human, away, deputy, until } = cover
  const { reaches, human: reader } = useRights()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const end = (): void => {
    setBusy(true)
    post('/covers/end', human === reader ? {} : { human })
      .then(again, (thrown: unknown) => setProblem(wordsOf(thrown)))
      .finally(() => setBusy(false))
  }
  return (
    <li>
      <div>
        {away ? <Tag kind="medium">away</Tag> : <Tag kind="up">there</Tag>} <b>{visibleText(human)}</b>
        {deputy === undefined ? null : (
          <>
            : <b>{visibleText(deputy)}</b> agrees for them
          </>
        )}
        <p className="quiet">
          until <When at={until} />
        </p>
        <Problem words={problem} />
        {reaches('POST /covers/end', human) ? (
          <Button isDisabled={busy} onPress={end}>
            {human === reader ? 'I am back: end it' : 'End it'}
          </Button>
        ) : null}
      </div>
    </li>
  )
}
