import type { Approval } from '../../core/approval.ts'
import type { ApprovalEvent } from '../../core/delivery.ts'
import type { Label } from '../../core/labels.ts'
import { foldText } from '../../core/visible-text.ts'
import { noticeOf, type Notice } from '../notice.ts'
import { costOf } from './mrkdwn.ts'

export interface SlackTold {
  /** Base URL of the admin plane, without a slash at its end. */
  readonly adminUrl: string
  readonly masked: ReadonlySet<Label>
  /** Whether people may answer in Slack at all. */
  readonly decides: boolean
}

/** What Slack is shown of a request. */
export interface SlackView {
  readonly notice: Notice
  /** All that an approver reads, as on every other way; absent = it holds what Slack must not, or it is over. */
  readonly prompt?: string
  /** Its middle is folded: the page shows more. */
  readonly folded: boolean
  readonly answer: 'here' | 'on the page'
  /** Why it is answered on its page only, as half a sentence. */
  readonly why?: string
}

/** Characters of one message as Slack counts them; it refuses about 13,200 with all that is around them. */
const MOST = 9_000

/**
 * The request as it is now. It is answered here only where it is not grave, and the message holds every word of what is
 * agreed to: nobody is asked to bless what is not shown.
 */
export function slackView(approval: Approval, told: SlackTold): SlackView {
  const { state, votes, created } = approval
  const event: ApprovalEvent = state === 'pending' ? 'approval.requested' : `approval.${state}`
  const notice = noticeOf({ event, state, votes: votes.length, at: created }, approval, told)
  if (state !== 'pending') return { notice, folded: false, answer: 'on the page' }
  const hidden = isHidden(approval, notice, told)
  const folded = !hidden && costOf(approval.prompt) > MOST
  const why = whyNot({ notice, hidden, folded, told })
  return {
    notice,
    ...(hidden ? {} : { prompt: folded ? fold(approval.prompt) : approval.prompt }),
    folded,
    ...(why === undefined ? { answer: 'here' } : { answer: 'on the page', why }),
  }
}

/** Whether something in the text that approvers read may be of a masked label. */
function isHidden({ outline }: Approval, { masked }: Notice, told: SlackTold): boolean {
  const labels = outline?.labels
  return masked || labels === undefined || labels.some((label) => told.masked.has(label))
}

function whyNot(of: {
  readonly notice: Notice
  readonly hidden: boolean
  readonly folded: boolean
  readonly told: SlackTold
}): string | undefined {
  if (!of.told.decides) return 'nobody answers in Slack here'
  if (of.notice.severity === 'high') return 'it is of high severity'
  if (of.hidden) return 'it holds what is not shown in Slack'
  return of.folded ? 'it is too long to be shown here whole' : undefined
}

/** Both its ends, the latter with what the answer does; shorter until it costs no more than it may. */
function fold(prompt: string): string {
  for (let size = MOST; ; size = Math.floor(size * 0.8)) {
    const text = foldText(prompt, Math.floor(size * 0.6), Math.floor(size * 0.3)).toWellFormed()
    if (costOf(text) <= MOST) return text
  }
}
