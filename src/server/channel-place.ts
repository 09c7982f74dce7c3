import type { Label } from '../core/labels.ts'
import { ALWAYS_MASKED } from '../notify/channel.ts'
import type { SecretScrubber } from '../classify/secrets/secret-scrubber.ts'
import type { Store } from '../store/store.ts'
import type { LiveDirectory } from './live-directory.ts'
import type { LoadedConfig } from './load-config.ts'
import type { Planes } from './open-planes.ts'
import type { Tokens } from './open-tokens.ts'
import { referenceOf, resolveText, type SecretPlaces } from './secrets.ts'

/** What channels are made of. */
export interface ChannelPlace extends Pick<Tokens, 'ownPorts'> {
  readonly store: Pick<Store, 'journal' | 'approvals' | 'oauth'>
  readonly loaded: LoadedConfig
  readonly planes: Planes
  readonly secretPlaces: SecretPlaces
  readonly scrubber: SecretScrubber
  readonly directory: Pick<LiveDirectory, 'inSlack'>
}

export function maskOf(more: readonly Label[]): ReadonlySet<Label> {
  return new Set([...ALWAYS_MASKED, ...more])
}

/** What is found is known from then on as something that nobody may see. @throws RemitError `config_invalid`. */
export function secretText(
  text: string,
  { secretPlaces, scrubber }: Pick<ChannelPlace, 'secretPlaces' | 'scrubber'>,
): string {
  const name = referenceOf(text)
  const value = resolveText(text, secretPlaces)
  if (name !== undefined) scrubber.add(value, name)
  return value
}
