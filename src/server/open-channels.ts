import type { NoticeEvent } from '../core/delivery.ts'
import type { Label } from '../core/labels.ts'
import { ALWAYS_MASKED, type Channel } from '../notify/channel.ts'
import { webhookChannel } from '../notify/webhook-channel.ts'
import type { SecretScrubber } from '../classify/secrets/secret-scrubber.ts'
import type { LoadedConfig } from './load-config.ts'
import type { Planes } from './open-planes.ts'
import type { Tokens } from './open-tokens.ts'
import { referenceOf, resolveText, type SecretPlaces } from './secrets.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

export interface ChannelPlace extends Pick<Tokens, 'ownPorts'> {
  readonly loaded: LoadedConfig
  readonly planes: Planes
  readonly secretPlaces: SecretPlaces
  readonly scrubber: SecretScrubber
}

/** Everywhere that the configuration tells people. Secrets are looked up when they are needed. */
export function openChannels(place: ChannelPlace): readonly Channel[] {
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

function maskOf(more: readonly Label[]): ReadonlySet<Label> {
  return new Set([...ALWAYS_MASKED, ...more])
}

/** What is found is known from then on as something that nobody may see. @throws RemitError `config_invalid`. */
function secretText(text: string, { secretPlaces, scrubber }: ChannelPlace): string {
  const name = referenceOf(text)
  const value = resolveText(text, secretPlaces)
  if (name !== undefined) scrubber.add(value, name)
  return value
}
