import type { KeyControl, TokenKeyView } from '../gate/key-control.ts'
import { requireAdmin } from '../gate/require-admin.ts'
import { livingKeys, signingKeyOf } from '../identity/key-ring.ts'
import type { SigningKeys } from './signing-keys.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

export function createKeyControl(keys: SigningKeys): KeyControl {
  const list = (): readonly TokenKeyView[] => {
    const now = SYSTEM_CLOCK.now()
    const signing = signingKeyOf(keys.ring, now)
    return livingKeys(keys.ring, now).map(({ kid, from, until }) => ({
      kid,
      state: kid === signing.kid ? 'signing' : from > now ? 'next' : 'verifying',
      from,
      ...(until === undefined ? {} : { until }),
    }))
  }
  return {
    list,
    async rotate(actor, compromised) {
      // What is on the disk alone must not be enough to end everybody's tokens.
      requireAdmin(actor, 'changing keys')
      await keys.rotate(actor.human.id, compromised)
      return list()
    },
  }
}
