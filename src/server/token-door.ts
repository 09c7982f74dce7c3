import type { IncomingMessage, ServerResponse } from 'node:http'
import { createExchangeGrant } from '../api/exchange-grant.ts'
import { createTokenEndpoint } from '../api/token-endpoint.ts'
import { TOKEN_PATH } from '../api/token-grant.ts'
import { createWorkloadGrant } from '../api/workload-grant.ts'
import type { AdministrationDeps } from '../gate/administration-deps.ts'
import type { Delegation } from '../gate/delegate.ts'
import { createTaskExchange } from '../gate/exchange-task.ts'
import { createWorkloadTasks } from '../gate/start-workload-task.ts'
import { verifyWorkload } from '../identity/verify-workload.ts'
import type { HostGuard } from '../net/check-host.ts'
import { tokenPlace } from './compose-gate-deps.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** The token endpoint: what tasks and workloads exchange there, and before the authorization server whatever else. */
export interface TokenDoor {
  serves(request: IncomingMessage): boolean
  handle(request: IncomingMessage, response: ServerResponse): void
}

export function createTokenDoor(
  foundation: Foundation,
  of: {
    readonly administration: AdministrationDeps
    readonly delegation: Delegation
    readonly oauth: OAuthDoor
    readonly hostGuard: HostGuard
  },
): TokenDoor {
  const { directory, store, log, planes } = foundation
  const { administration, delegation, oauth, hostGuard } = of
  const workloads = createWorkloadGrant({
    open: () => directory.workloads.length > 0,
    publicUrl: planes.urls.agent,
    tasks: createWorkloadTasks({
      ...administration,
      uses: store.oauth,
      verifyWorkload: (token, name) =>
        verifyWorkload(token, { rules: directory.workloads, name, now: SYSTEM_CLOCK.now() }),
    }),
  })
  const exchange = createExchangeGrant({
    exchange: createTaskExchange(administration, delegation),
    publicUrl: planes.urls.agent,
    audience: tokenPlace(foundation).audience,
    random: (size) => SYSTEM_ENTROPY.bytes(size),
  })
  const handle = createTokenEndpoint({
    grants: [workloads, exchange],
    hostGuard,
    log,
    now: () => SYSTEM_CLOCK.now(),
    others: (request, response) => {
      oauth.handle(request, response, hostGuard)
    },
  })
  return {
    serves: ({ method, url = '' }) => method === 'POST' && url.split('?')[0] === TOKEN_PATH,
    handle,
  }
}
