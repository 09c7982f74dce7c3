import type { BrowserDoor } from '../api/browser-door.ts'
import { createDelegationPages, servesDelegation, type SignDelegation } from '../api/delegation-pages.ts'
import { createDevicePages, servesDevices } from '../api/device-pages.ts'
import type { PageSending } from '../api/send-page.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import { delegableWorkflows } from '../gate/delegable-workflows.ts'
import type { StepUp } from '../gate/step-up.ts'
import { createStepUp } from '../login/step-up.ts'
import type { HostGuard } from '../net/check-host.ts'
import { deviceCodeGuesses } from './device-code-guesses.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { Foundation } from './open-foundation.ts'
import type { RequestListener } from './plane.ts'
import { sha256, SYSTEM_CLOCK } from './system-clock.ts'

/** The pages on which people delegate, over one foundation: one login for all of them. */
export function delegationPages(
  { directory, log }: Foundation,
  oauth: OAuthDoor,
  served: { readonly browsers: BrowserDoor; readonly pages: PageSending; readonly hostGuard: HostGuard },
): { readonly serves: (url: string | undefined) => boolean; readonly handle: RequestListener } {
  const { browsers, pages, hostGuard } = served
  const common = { ...pages, browsers, hostGuard, log }
  const delegation = createDelegationPages({
    ...common,
    requests: () => oauth.requests(),
    sign: signing(createStepUp(browsers.login)),
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

/** A delegation is always signed: the digest covers which request of which agent, and all that is given. */
function signing(stepUp: StepUp): SignDelegation {
  return async (actor, { id, clientId, agent }, { delegation, answer }) => {
    const { tenant, id: human } = actor.human
    const what = { v: 1, kind: 'delegation', tenant, human, request: id, clientId, agent, delegation }
    const digest = sha256(canonicalJson(what))
    const assertion = await stepUp.confirm(actor, digest, answer)
    return assertion === undefined ? actor : { ...actor, assertion }
  }
}
