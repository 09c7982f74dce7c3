import { createDelegationPages } from '../api/delegation-pages.ts'
import { PageSessions } from '../api/page-sessions.ts'
import { delegableWorkflows } from '../gate/delegable-workflows.ts'
import type { HostGuard } from '../net/check-host.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { Foundation } from './open-foundation.ts'
import type { RequestListener } from './plane.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** The page on which people delegate, over one foundation. */
export function delegationPages(
  { planes, actors, workflows, log }: Foundation,
  oauth: OAuthDoor,
  hostGuard: HostGuard,
): RequestListener {
  const random = (size: number): Uint8Array => SYSTEM_ENTROPY.bytes(size)
  return createDelegationPages({
    requests: () => oauth.requests(),
    sessions: new PageSessions({
      random,
      now: () => SYSTEM_CLOCK.now(),
      secure: planes.urls.admin.startsWith('https:'),
    }),
    authenticate: (authorization) => actors.authenticate(authorization),
    workflows: (human) => delegableWorkflows(workflows, human),
    hostGuard,
    random,
    log,
  })
}
