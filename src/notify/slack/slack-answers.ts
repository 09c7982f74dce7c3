import type { ApprovalId } from '../../core/ids.ts'
import { callSlack } from './call-slack.ts'
import { escapeMrkdwn } from './mrkdwn.ts'
import type { SlackSettings } from './slack-channel.ts'
import { slackMessage } from './slack-message.ts'
import { slackView } from './slack-view.ts'

type AnsweredIn = Pick<SlackSettings, 'api' | 'current' | 'adminUrl' | 'masked' | 'decides'>

/** Why a request is answered on its page only; undefined = in Slack too, or it does not wait. */
export async function whyNotInSlack(settings: AnsweredIn, id: ApprovalId): Promise<string | undefined> {
  const approval = await settings.current(id)
  return approval === undefined ? undefined : slackView(approval, settings).why
}

/** Said to one member alone, where they are; whether they read it nobody hears. @throws as `callSlack`. */
export async function whisper(
  { api }: AnsweredIn,
  { member, conversation }: { readonly member: string; readonly conversation: string },
  text: string,
): Promise<void> {
  const said = { text: escapeMrkdwn(text), parse: 'none', link_names: false }
  await callSlack(api, 'chat.postEphemeral', { channel: conversation, user: member, ...said })
}

/** A message of which nobody here knows, made to show its request as it is now. @throws as `callSlack`. */
export async function renewMessage(
  settings: AnsweredIn,
  id: ApprovalId,
  { conversation, ts }: { readonly conversation: string; readonly ts: string },
): Promise<void> {
  const approval = await settings.current(id)
  if (approval === undefined) return
  const message = slackMessage(approval, settings)
  await callSlack(settings.api, 'chat.update', { channel: conversation, ts, ...message })
}
