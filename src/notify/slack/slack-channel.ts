import type { Approval } from '../../core/approval.ts'
import type { NoticeEvent } from '../../core/delivery.ts'
import type { ApprovalId } from '../../core/ids.ts'
import { alertNotice, alertText } from '../alert-notice.ts'
import { type Channel, Untold } from '../channel.ts'
import { callSlack, type SlackApi, SlackError } from './call-slack.ts'
import { escapeMrkdwn, fenced } from './mrkdwn.ts'
import { bareMessage, type SlackMessage, slackMessage } from './slack-message.ts'
import { placesOf, type SlackEscalation, type SlackPlace } from './slack-places.ts'
import type { SlackTold } from './slack-view.ts'

export interface SlackSettings extends SlackTold {
  readonly api: SlackApi
  /** Id of the conversation in which requests are told. */
  readonly conversation: string
  readonly escalation: SlackEscalation
  readonly messages: SlackMessages
  /** The request as it is now. */
  readonly current: (id: ApprovalId) => Promise<Approval | undefined>
}

/** Which message of Slack's is a request's; kept as long as it may still change. */
export interface SlackMessages {
  /** Slack's id of it in the conversation. */
  get(key: string): Promise<string | undefined>
  put(key: string, approval: Pick<Approval, 'expires'>, ts: string): Promise<void>
}

const EVENTS: readonly NoticeEvent[] = [
  'approval.requested',
  'approval.voted',
  'approval.escalated',
  'approval.granted',
  'approval.refused',
  'approval.expired',
  'approval.cancelled',
  'review.overdue',
  'task.flagged',
  'agent.irregular',
]

/** What is of no use in this form, and would be of none the next time. */
const NOT_TAKEN: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
])

/** How often a message is made anew because the request changed while it was sent. */
const MOST_ROUNDS = 5

/**
 * One message a request (and one for each alert), posted when it opens and changed with it; one more for each group that
 * it escalates to, since a change calls nobody. Whatever happened, each shows the request as it is now, and is looked at
 * again once it was sent: of two that are sent at once none leaves it as it was before.
 */
export function slackChannel(settings: SlackSettings): Channel {
  return {
    name: 'slack',
    events: new Set(EVENTS),
    masked: settings.masked,
    async tell(delivery, approval) {
      const failed: unknown[] = []
      for (const place of placesOf(approval, settings)) {
        await show(settings, { place, event: delivery.event, approval }).catch((error: unknown) => {
          failed.push(error)
        })
      }
      // A place that is gone for good is no reason to give up another that may come back.
      const [first] = failed
      const again = failed.find((error) => !(error instanceof Untold && error.final))
      if (failed.length > 0) throw again ?? first
    },
    async alert(delivery) {
      const { api, conversation, adminUrl } = settings
      const text = alertText(alertNotice(delivery, adminUrl))
      await callSlack(api, 'chat.postMessage', {
        channel: conversation,
        text: escapeMrkdwn(text),
        blocks: [...fenced(text)],
        parse: 'none',
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
      })
    },
  }
}

async function show(
  settings: SlackSettings,
  { place, event, approval }: Shown & { readonly event: NoticeEvent },
): Promise<void> {
  let ts = await settings.messages.get(place.key)
  const opens =
    place.asked === undefined
      ? event === 'approval.requested'
      : event === 'approval.escalated' && approval.state === 'pending'
  // Who was told of nothing hears no more of it; who is being told looks again afterwards.
  if (ts === undefined && !opens) return
  let shown = approval
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    ts = await send(settings, { place, approval: shown }, ts)
    const now = await settings.current(approval.id)
    if (now === undefined || isSame(now, shown)) return
    shown = now
  }
}

interface Shown {
  readonly place: SlackPlace
  readonly approval: Approval
}

function isSame(now: Approval, shown: Approval): boolean {
  return (
    now.state === shown.state &&
    now.votes.length === shown.votes.length &&
    now.escalated?.length === shown.escalated?.length
  )
}

/** @returns Slack's id of the message. */
async function send(settings: SlackSettings, sent: Shown, ts: string | undefined): Promise<string> {
  const { approval, place } = sent
  try {
    return await put(settings, { ...sent, ts, message: slackMessage(approval, settings, place.asked) })
  } catch (error) {
    // That somebody is asked matters more than how it looks.
    if (!(error instanceof SlackError) || !NOT_TAKEN.has(error.slack)) throw error
    return put(settings, { ...sent, ts, message: bareMessage(approval, settings, place.asked) })
  }
}

async function put(
  { api, messages }: SlackSettings,
  sent: Shown & { readonly ts: string | undefined; readonly message: SlackMessage },
): Promise<string> {
  const { approval, place, ts, message } = sent
  const body = { channel: place.conversation, ...message, parse: 'none', link_names: false }
  if (ts !== undefined) {
    await callSlack(api, 'chat.update', { ...body, ts })
    return ts
  }
  const posted = await callSlack(api, 'chat.postMessage', {
    ...body,
    unfurl_links: false,
    unfurl_media: false,
  })
  const made = posted['ts']
  if (typeof made !== 'string') throw new Untold('Slack does not say which message it made')
  await messages.put(place.key, approval, made)
  return made
}
