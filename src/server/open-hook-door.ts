import { presentedToken } from '../api/presented-token.ts'
import { newId } from '../core/ids.ts'
import type { HookPresence } from '../gate/fleet/presence.ts'
import type { Gate } from '../gate/gate.ts'
import type { SubAgents } from '../gate/sub-agents/sub-agents.ts'
import { createHttpHookDoor, type HttpHookDoor } from '../hooks/http-door.ts'
import type { HostGuard } from '../net/check-host.ts'
import type { Cleanup } from './cleanup.ts'
import { isLoopback, parseAddress } from './listen-address.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** The door at which agents' runtimes ask about the tools that they have of their own. */
export function openHookDoor(
  foundation: Foundation,
  {
    gate,
    presence,
    subAgents,
    hostGuard,
    cleanup,
  }: {
    readonly gate: Gate
    readonly presence: HookPresence
    readonly subAgents: SubAgents
    readonly hostGuard: HostGuard
    readonly cleanup: Cleanup
  },
): HttpHookDoor {
  const { config } = foundation.loaded
  const { urls } = foundation.planes
  const near = isLoopback(parseAddress(config.listen.agent)?.host ?? '')
  const door = createHttpHookDoor({
    gate,
    presence,
    subAgents,
    hostGuard,
    log: foundation.log,
    clock: SYSTEM_CLOCK,
    fileSystem: config.hooks.files ?? (near ? 'shared' : 'remote'),
    hold: config.hooks.hold,
    bodyCap: config.limits.body,
    newRequestId: () => newId('req', SYSTEM_ENTROPY.bytes(16)),
    async identify(request) {
      const { token, showing } = presentedToken(request, urls.agent)
      return gate.identify(token, showing)
    },
  })
  cleanup.add('hooks', () => door.close())
  return door
}
