import type { NoticeEvent } from '../core/delivery.ts'
import type { Channel } from '../notify/channel.ts'
import { slackChannel } from '../notify/slack/slack-channel.ts'
import { webhookChannel } from '../notify/webhook-channel.ts'
import { type ChannelPlace, maskOf, secretText } from './channel-place.ts'
import { slackSettings } from './open-slack.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** Everywhere that the configuration tells people. Secrets are looked up when they are needed. */
export function openChannels(place: ChannelPlace): readonly Channel[] {
  const { slack } = place.loaded.config.notify
  return [...openWebhooks(place), ...(slack === undefined ? [] : [slackChannel(slackSettings(place, slack))])]
}

function openWebhooks(place: ChannelPlace): readonly Channel[] {
  const { loaded, planes, ownPorts } = place
  return Object.entries(loaded.config.notify.webhooks).map(([name, webhook]) =>
    webhookChannel({
      name: `webhook:${name}`,
      events: new Set<NoticeEvent>(webhook.events),
      masked: maskOf(webhook.mask),
      adminUrl: planes.urls.admin,
      place: () => ({ url: secretText(webhook.url, place), secret: secretText(webhook.secret, place) }),
      fetching: {
        timeout: webhook.timeout,
        allowPrivate: webhook.privateAddresses,
        plainLoopback: webhook.privateAddresses,
        ownPorts,
      },
      now: () => SYSTEM_CLOCK.now(),
    }),
  )
}
