import { RemitError } from '../core/errors.ts'
import { createTokenVerifier } from '../identity/task-token.ts'
import type { Introspection } from '../oauth/introspect.ts'
import { tokenPlace } from './compose-gate-deps.ts'
import type { Foundation } from './open-foundation.ts'
import { resolveText } from './secrets.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** Nothing limits guesses but the length of what is guessed. */
const SHORTEST = 32
const REMEMBERED = 1_000

/** Undefined = the configuration names nobody who may ask. */
export function composeIntrospection(
  foundation: Pick<Foundation, 'loaded' | 'planes' | 'tokenKeys' | 'secretPlaces' | 'log'>,
): Introspection | undefined {
  const { loaded, tokenKeys, secretPlaces, log } = foundation
  const clients = new Map(Object.entries(loaded.config.oauth.introspection))
  if (clients.size === 0) return undefined
  const verifier = createTokenVerifier({
    publicKeys: tokenKeys,
    ...tokenPlace(foundation),
    now: () => SYSTEM_CLOCK.now(),
    cacheSize: REMEMBERED,
  })
  return {
    verify: (token) => verifier.verify(token),
    // Looked up each time: a secret that is rotated counts at once.
    secretOf(client) {
      const reference = clients.get(client)?.secret
      if (reference === undefined) return undefined
      try {
        const secret = resolveText(reference, secretPlaces)
        if (secret.length >= SHORTEST) return secret
        throw new RemitError('config_invalid', `has a secret of less than ${SHORTEST} characters`)
      } catch (error) {
        log.log('error', 'introspection.client_unusable', { client, reason: String(error) })
        return undefined
      }
    },
  }
}
