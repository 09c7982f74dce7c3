import type { IncomingMessage, ServerResponse } from 'node:http'
import { createWorkloadEndpoint, TOKEN_PATH } from '../api/workload-endpoint.ts'
import type { AdministrationDeps } from '../gate/administration-deps.ts'
import { createWorkloadTasks } from '../gate/start-workload-task.ts'
import { verifyWorkload } from '../identity/verify-workload.ts'
import type { HostGuard } from '../net/check-host.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** The part of the token endpoint that is for workloads; there is none where none is configured. */
export interface WorkloadDoor {
  serves(request: IncomingMessage): boolean
  handle(request: IncomingMessage, response: ServerResponse): void
}

export function createWorkloadDoor(
  { directory, store, log }: Foundation,
  administration: AdministrationDeps,
  { oauth, hostGuard }: { readonly oauth: OAuthDoor; readonly hostGuard: HostGuard },
): WorkloadDoor {
  const tasks = createWorkloadTasks({
    ...administration,
    uses: store.oauth,
    verifyWorkload: (token, name) =>
      verifyWorkload(token, { rules: directory.workloads, name, now: SYSTEM_CLOCK.now() }),
  })
  const handle = createWorkloadEndpoint({
    tasks,
    hostGuard,
    log,
    now: () => SYSTEM_CLOCK.now(),
    others: (request, response) => {
      oauth.handle(request, response, hostGuard)
    },
  })
  return {
    serves: ({ method, url = '' }) =>
      method === 'POST' && url.split('?')[0] === TOKEN_PATH && directory.workloads.length > 0,
    handle,
  }
}
