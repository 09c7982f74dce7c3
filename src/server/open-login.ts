import { createHmac } from 'node:crypto'
import { protectionReport } from './protection.ts'
import { Login } from '../login/login.ts'
import type { ActorAuthenticator } from './authenticate-actor.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** Milliseconds after a login during which credentials can be changed. */
const FRESH = 600_000

/** How people log in through a browser, over one foundation. */
export function openLogin(
  {
    tenant,
    store,
    directory,
    keys,
    planes,
    loaded,
  }: Pick<Foundation, 'tenant' | 'store' | 'directory' | 'keys' | 'planes' | 'loaded'>,
  actors: ActorAuthenticator,
): Login {
  const { idle, session, require } = loaded.config.login
  return new Login(
    {
      tenant,
      protection: protectionReport().level,
      store: store.logins,
      journal: store.journal,
      humans: directory.directory,
      clock: SYSTEM_CLOCK,
      entropy: SYSTEM_ENTROPY,
      key: createHmac('sha256', keys.requestState).update('login challenges').digest(),
      adminUrl: planes.urls.admin,
      limits: { idle, absolute: session, fresh: FRESH },
      require,
    },
    (authorization) => actors.authenticate(authorization),
  )
}
