import type { TenantId } from '../core/ids.ts'
import { keptMessages } from '../notify/slack/kept-messages.ts'
import type { SlackSettings } from '../notify/slack/slack-channel.ts'
import { type ChannelPlace, maskOf, secretText } from './channel-place.ts'
import type { Config } from './config-schema.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

export type SlackConfig = NonNullable<Config['notify']['slack']>

/** Conversations of one workspace, as the configuration names it. */
export function slackSettings(
  place: Pick<
    ChannelPlace,
    'loaded' | 'planes' | 'ownPorts' | 'store' | 'secretPlaces' | 'scrubber' | 'directory'
  >,
  slack: SlackConfig,
): SlackSettings {
  const { loaded, planes, ownPorts, store } = place
  const tenant = loaded.config.tenant as TenantId
  return {
    api: {
      url: slack.apiUrl,
      token: () => secretText(slack.token, place),
      fetching: { timeout: slack.timeout, ownPorts },
    },
    conversation: slack.channel,
    escalation: {
      conversationOf: (group) =>
        Object.hasOwn(slack.escalations, group) ? (slack.escalations[group] ?? slack.channel) : slack.channel,
      membersOf: (group) => place.directory.inSlack(group),
    },
    adminUrl: planes.urls.admin,
    masked: maskOf(slack.mask),
    decides: slack.answers !== undefined,
    messages: keptMessages({ tenant, journal: store.journal, entries: store.oauth, clock: SYSTEM_CLOCK }),
    current: (id) => store.approvals.get(tenant, id),
  }
}
