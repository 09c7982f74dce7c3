import { createDelegationPages, servesDelegation } from '../api/delegation-pages.ts'
import { createDevicePages, servesDevices } from '../api/device-pages.ts'
import { PageSessions } from '../api/page-sessions.ts'
import { delegableWorkflows } from '../gate/delegable-workflows.ts'
import type { HostGuard } from '../net/check-host.ts'
import { deviceCodeGuesses } from './device-code-guesses.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { Foundation } from './open-foundation.ts'
import type { RequestListener } from './plane.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** The pages on which people delegate, over one foundation: one login for all of them. */
export function delegationPages(
  { planes, actors, directory, log, loaded, tenant }: Foundation,
  oauth: OAuthDoor,
  hostGuard: HostGuard,
): { readonly serves: (url: string | undefined) => boolean; readonly handle: RequestListener } {
  const random = (size: number): Uint8Array => SYSTEM_ENTROPY.bytes(size)
  const sessions = new PageSessions({
    random,
    now: () => SYSTEM_CLOCK.now(),
    secure: planes.urls.admin.startsWith('https:'),
    ...(loaded.installation === undefined ? {} : { of: tenant }),
  })
  const authenticate = (authorization: string) => actors.authenticate(authorization)
  const common = { sessions, authenticate, hostGuard, random, log }
  const delegation = createDelegationPages({
    ...common,
    requests: () => oauth.requests(),
    workflows: (human) => delegableWorkflows(directory.workflows, human),
  })
  const devices = createDevicePages({
    ...common,
    enter: deviceCodeGuesses(SYSTEM_CLOCK, () => oauth.devices()),
  })
  return {
    serves: (url) => servesDelegation(url) || servesDevices(url),
    handle: (request, response) => {
      if (servesDevices(request.url)) devices(request, response)
      else delegation(request, response)
    },
  }
}
