import type { Approval, ApprovalState } from '../../core/approval.ts'
import { SLACK_ACTIONS, SLACK_REASON } from '../../core/slack-words.ts'
import type { Notice } from '../notice.ts'
import { escapeMrkdwn, fenced, section } from './mrkdwn.ts'
import type { AskedGroup } from './slack-places.ts'
import { slackView, type SlackTold, type SlackView } from './slack-view.ts'

/** Arguments of `chat.postMessage` and `chat.update` that say what is shown. */
export interface SlackMessage {
  /** What notifications and screen readers have. */
  readonly text: string
  readonly blocks: readonly object[]
}

const STATES: Readonly<Record<ApprovalState, string>> = {
  pending: 'Consent is asked for',
  granted: 'Approved',
  refused: 'Refused',
  expired: 'Ran out unanswered',
  cancelled: 'Withdrawn',
  used: 'Approved, and it ran',
}

/** One message a request: what is asked while it waits, and how it ended. */
export function slackMessage(approval: Approval, told: SlackTold, asked?: AskedGroup): SlackMessage {
  const view = slackView(approval, told)
  const { notice, prompt } = view
  const shown = prompt === undefined ? factLines(notice).join('\n') : prompt
  return {
    text: summary(notice),
    blocks: [
      header(notice),
      ...called(notice, asked),
      ...fenced(shown),
      section(progress(notice)),
      ...(notice.state === 'pending' ? answers(view) : [openButton(notice)]),
    ],
  }
}

/** Nothing but where it is decided, for a message that Slack would not take. */
export function bareMessage(approval: Approval, told: SlackTold, asked?: AskedGroup): SlackMessage {
  const { notice } = slackView(approval, told)
  const said = section('It cannot be shown in Slack; its page has it.')
  return {
    text: summary(notice),
    blocks: [header(notice), ...called(notice, asked), said, openButton(notice)],
  }
}

/** Those whom it escalated to, by name, as long as it waits for somebody. */
function called({ state }: Notice, asked: AskedGroup | undefined): readonly object[] {
  if (asked === undefined || state !== 'pending') return []
  const who = asked.members.map((member) => `<@${member}>`).join(' ')
  const group = escapeMrkdwn(asked.group)
  return [section(`${who === '' ? '' : `${who} `}Nobody has answered yet; ${group} may answer as well.`)]
}

function header({ state, severity }: Notice): object {
  return {
    type: 'header',
    text: { type: 'plain_text', text: `${STATES[state]} · ${severity}`, emoji: false },
  }
}

function summary({ state, severity, human, server, url }: Notice): string {
  return escapeMrkdwn(`${STATES[state]} (${severity}): a task of ${human} at ${server}. ${url}`)
}

/** Every text in it is visible and short already; `Notice` has left out what must not be told. */
function factLines(notice: Notice): readonly string[] {
  const { human, workflow, task, agent, intent, tool, server, operations, more } = notice
  return [
    `delegated by  ${human}${workflow === null ? '' : `, workflow ${workflow}`}, task ${task}`,
    ...(intent === null ? [] : [`intent        "${intent}" (their own words)`]),
    ...(agent === null ? [] : [`agent         ${agent} (its own claim)`]),
    `call          ${tool} of server ${server}`,
    ...operations.map(({ action, text, labels }) => {
      const marks = labels.length === 0 ? '' : ` [${labels.join(', ')}]`
      return `would         ${text ?? `${action}, shown on its page only`}${marks}`
    }),
    ...(more > 0 ? [`              and ${more} more`] : []),
    ...notice.gates.map(({ scope, reason }) => `because       ${reason} (consent ${scope})`),
    ...(notice.masked ? ['              what is not shown here stands on its page'] : []),
  ]
}

/** How far each gate is, in words of configuration and policies. */
function progress({ gates, state, refusedBy, expires }: Notice): string {
  const lines = gates.map(({ scope, by, quorum, agreed, escalateTo, escalates }) => {
    const who = agreed.length === 0 ? '' : `: ${agreed.join(', ')}`
    const later =
      escalateTo === null
        ? ''
        : ` (or ${escalateTo}, from ${escalates ?? 'now'} on or when none of them is there)`
    return `• consent ${scope} by ${by ?? 'an approver'}${later}: ${agreed.length} of ${quorum}${who}`
  })
  const end =
    refusedBy === null
      ? state === 'pending'
        ? `unanswered at ${expires} it does not run`
        : ''
      : `refused by ${refusedBy}`
  return escapeMrkdwn([...lines, ...(end === '' ? [] : [end])].join('\n'))
}

function answers({ notice, answer, why }: SlackView): readonly object[] {
  if (answer === 'on the page') {
    return [section(`Answer it on its page, since ${escapeMrkdwn(why ?? '')}.`), openButton(notice)]
  }
  const { approval: value } = notice
  return [
    {
      type: 'input',
      block_id: SLACK_REASON,
      optional: true,
      label: plain('Why (a refusal tells it to the agent)'),
      element: { type: 'plain_text_input', action_id: SLACK_REASON, max_length: 300 },
    },
    {
      type: 'actions',
      elements: [
        {
          ...button('Approve once', SLACK_ACTIONS.approve),
          value,
          style: 'primary',
          confirm: {
            title: plain('Approve once?'),
            text: plain('Exactly this call may run once. You have read all of it.'),
            confirm: plain('Approve'),
            deny: plain('Back'),
          },
        },
        { ...button('Refuse', SLACK_ACTIONS.refuse), value, style: 'danger' },
        { ...button('Open its page', SLACK_ACTIONS.open), url: notice.url },
      ],
    },
  ]
}

function openButton({ url }: Notice): object {
  return { type: 'actions', elements: [{ ...button('Open its page', SLACK_ACTIONS.open), url }] }
}

function button(text: string, action_id: string): object {
  return { type: 'button', text: plain(text), action_id }
}

function plain(text: string): object {
  return { type: 'plain_text', text, emoji: false }
}
