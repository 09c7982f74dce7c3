import { createSlackEndpoint, type SlackPorts } from '../api/slack-endpoint.ts'
import { hearOnce } from '../notify/slack/hear-once.ts'
import { renewMessage, whisper, whyNotInSlack } from '../notify/slack/slack-answers.ts'
import { secretText } from './channel-place.ts'
import type { Foundation } from './open-foundation.ts'
import { slackSettings } from './open-slack.ts'
import type { RequestListener } from './plane.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** Where members of Slack answer; undefined = the configuration lets nobody. */
export function slackEndpoint(
  foundation: Foundation,
  administration: SlackPorts['administration'],
): RequestListener | undefined {
  const { store, tenant } = foundation
  const { slack } = foundation.loaded.config.notify
  const answers = slack?.answers
  if (slack === undefined || answers === undefined) return undefined
  const settings = slackSettings(foundation, slack)
  return createSlackEndpoint({
    administration,
    signingSecret: () => secretText(answers.signingSecret, foundation),
    workspace: answers.workspace,
    conversations: [slack.channel, ...Object.values(slack.escalations)],
    humanOf: (member) => foundation.directory.bySlack(member),
    whyNotThere: (id) => whyNotInSlack(settings, id),
    take: (signed) => hearOnce({ tenant, journal: store.journal, clock: SYSTEM_CLOCK }, signed),
    renew: (id, message) => renewMessage(settings, id, message),
    whisper: (to, text) => whisper(settings, to, text),
    pageOf: (id) => `${settings.adminUrl}/approvals/${id}`,
    now: () => SYSTEM_CLOCK.now(),
    log: foundation.log,
  })
}
