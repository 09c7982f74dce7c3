import type { HumanId } from '../core/ids.ts'
import { signingKeyOf } from '../identity/key-ring.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { wasFaster } from './signing-keys.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

const EVERY = 3_600_000
/** As nobody can be named. */
const SCHEDULE = 'remit:schedule' as HumanId

/** Gives tokens a new key when the one that signs is as old as `oauth.keyLifetime`; of many gateways one does. */
export function scheduleRotation(
  { tokenKeys, loaded, log }: Pick<Foundation, 'tokenKeys' | 'loaded' | 'log'>,
  cleanup: Pick<Cleanup, 'add'>,
  now: () => number = () => SYSTEM_CLOCK.now(),
): { readonly look: () => Promise<void> } {
  const { keyLifetime } = loaded.config.oauth
  const look = async (): Promise<void> => {
    const newest = tokenKeys.ring.at(-1) ?? signingKeyOf(tokenKeys.ring, now())
    if (now() - newest.from < keyLifetime) return
    try {
      await tokenKeys.rotate(SCHEDULE, false)
    } catch (error) {
      if (!wasFaster(error)) log.log('error', 'keys.not_rotated', { reason: String(error) })
    }
  }
  void look().catch((error: unknown) => {
    log.log('error', 'keys.not_rotated', { reason: String(error) })
  })
  const timer = setInterval(() => void look(), EVERY)
  timer.unref()
  cleanup.add('keys', () => {
    clearInterval(timer)
  })
  return { look }
}
