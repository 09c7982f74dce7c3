import type { Label } from '../core/labels.ts'
import { foldText, visibleText } from '../core/visible-text.ts'

/** Where one text of the arguments was met before. */
export interface Origin {
  readonly text: string
  /** `human` = in the intent that the delegating human wrote; `claim` = in one that somebody else gave. */
  readonly intent?: 'human' | 'claim'
  /** The oldest answer that was searched and holds it. */
  readonly answer?: {
    readonly server: string
    readonly tool: string
    /** What was found in the whole answer. */
    readonly labels: readonly Label[]
    /** 1 = the newest answer that was searched. */
    readonly ago: number
    /** Another task of the tree got it. */
    readonly task?: string
  }
}

/** What was looked for and where. */
export interface Provenance {
  readonly origins: readonly Origin[]
  /** Texts that were not looked for, since there were too many. */
  readonly left: number
  /** Only the first of the arguments were looked through. */
  readonly cut?: true
  /** Answers that were searched. */
  readonly answers: number
  /** Answers on record whose content was not kept, or erased. */
  readonly unkept: number
  /** There were older answers, other tasks or more text than is searched. */
  readonly more: boolean
  /** The ledger could not be read, or no further. */
  readonly failed?: true
}

/** @param provenance of arguments without their secrets. */
export function provenanceLines(provenance: Provenance): readonly string[] {
  const { origins, left, cut } = provenance
  const met = origins.filter(isMet).map(({ text }) => text)
  // Where a URL comes from its host does too.
  const said = origins.filter(({ text }) => !met.some((other) => other !== text && other.includes(text)))
  return [
    ...said.map(originLine),
    ...(left === 0 ? [] : [`${left} more were not looked for`]),
    ...(cut === true ? ['the arguments were too long to be looked through to their end'] : []),
    searchedLine(provenance),
    'What stands in both need not come from there; what was changed, joined or decoded on the way is not found.',
  ]
}

function isMet({ intent, answer }: Origin): boolean {
  return intent !== undefined || answer !== undefined
}

function originLine(origin: Origin): string {
  const { text, intent, answer } = origin
  const places = [
    ...(intent === undefined ? [] : [INTENT[intent]]),
    ...(answer === undefined ? [] : [answerText(answer)]),
  ]
  const where = isMet(origin)
    ? places.join('; ')
    : 'in nothing that was searched: the agent brought it itself, or from where Remit did not look'
  const mark = intent !== 'human' && answer?.labels.includes('untrusted') === true ? '! ' : '- '
  return `${mark}\`${visibleText(foldText(text, 80, 40))}\` ${where}`
}

const INTENT = {
  human: 'stands in the intent that the human wrote',
  claim: 'stands in an intent of these tasks (a claim)',
} as const

function answerText({ server, tool, labels, ago, task }: NonNullable<Origin['answer']>): string {
  const name = visibleText(foldText(`${server}__${tool}`, 80, 40))
  const carries = labels.length === 0 ? '' : ` [${labels.join(', ')}]`
  const by = task === undefined ? '' : ` to task ${visibleText(task)}`
  const when = ago === 1 ? 'the newest one' : `${ago} answers ago`
  return `first appears in the answer of \`${name}\`${carries}${by}, ${when}`
}

function searchedLine({ answers, unkept, more, failed }: Provenance): string {
  const older = more ? ', and neither older ones nor the rest of long ones' : ''
  const lost = unkept === 0 ? '' : `; ${unkept} whose content is not kept could not be`
  const broken = failed === true ? '; then the ledger could not be read' : ''
  return `Searched: the intents and the last ${answers} answers on record of this tree of tasks${older}${lost}${broken}.`
}
