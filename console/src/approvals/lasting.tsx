import type { ShownApproval } from '../../../src/core/approval.ts'
import type { PastWork } from '../../../src/core/grant.ts'
import { visibleText } from '../../../src/core/visible-text.ts'
import type { Widening } from '../../../src/core/widening.ts'
import { When } from '../parts/notes.tsx'

interface LastingProps {
  readonly approval: ShownApproval
  /** Undefined = the same work alone. */
  readonly widen: Widening | undefined
  readonly choose: (widen: Widening | undefined) => void
}

/** How far consent for the rest of the task goes, and what it would have covered before. */
export function Lasting({ approval: { offer, past }, widen, choose }: LastingProps) {
  if (offer === undefined || past === undefined) return null
  const { wider = [] } = offer
  return (
    <>
      <p className="quiet">
        For the rest of the task, that is until <When at={offer.expires} />: of the last {past.looked} calls
        it would have covered {past.times}
        {past.last === undefined ? '' : ', the last '}
        {past.last === undefined ? null : <When at={past.last} />}. {past.elsewhere} calls of other tasks did
        the same; it does not cover those.
      </p>
      {wider.length === 0 ? null : (
        <fieldset className="widen">
          <legend>What that lets run without asking</legend>
          <Choice checked={widen === undefined} choose={() => choose(undefined)}>
            the same tool with the same arguments, and nothing else
          </Choice>
          {wider.map(({ wider: widening }) =>
            widening === undefined ? null : (
              <Choice
                key={widening.axis}
                checked={widen === widening.axis}
                choose={() => choose(widening.axis)}
              >
                {visibleText(widening.text)} <span className="quiet">{pastText(past, widening.axis)}</span>
              </Choice>
            ),
          )}
        </fieldset>
      )}
    </>
  )
}

interface ChoiceProps {
  readonly checked: boolean
  readonly choose: () => void
  readonly children: React.ReactNode
}

function Choice({ checked, choose, children }: ChoiceProps) {
  return (
    <label>
      <input type="radio" name="widen" checked={checked} onChange={choose} /> <span>{children}</span>
    </label>
  )
}

function pastText({ wider = [] }: PastWork, axis: Widening): string {
  const before = wider.find((each) => each.axis === axis)
  if (before === undefined) return ''
  const files = before.examples.length === 0 ? '' : `: ${before.examples.map(visibleText).join(', ')}`
  return `— would have covered ${before.times} of those calls${files}`
}
