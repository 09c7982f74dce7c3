import { presentedToken } from '../api/presented-token.ts'
import { newId } from '../core/ids.ts'
import type { Gate } from '../gate/gate.ts'
import { createHttpAuthzenDoor, type HttpAuthzenDoor } from '../authzen/http-door.ts'
import type { HostGuard } from '../net/check-host.ts'
import type { Cleanup } from './cleanup.ts'
import { isLoopback, parseAddress } from './listen-address.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** The door at which applications and agent frameworks ask by AuthZEN. */
export function openAuthzenDoor(
  foundation: Foundation,
  {
    gate,
    hostGuard,
    cleanup,
  }: { readonly gate: Gate; readonly hostGuard: HostGuard; readonly cleanup: Cleanup },
): HttpAuthzenDoor {
  const { config } = foundation.loaded
  const { urls } = foundation.planes
  const near = isLoopback(parseAddress(config.listen.agent)?.host ?? '')
  const door = createHttpAuthzenDoor({
    gate,
    hostGuard,
    publicUrl: urls.agent,
    log: foundation.log,
    clock: SYSTEM_CLOCK,
    fileSystem: config.authzen.files ?? (near ? 'shared' : 'remote'),
    hold: config.authzen.hold,
    bodyCap: config.limits.body,
    newRequestId: () => newId('req', SYSTEM_ENTROPY.bytes(16)),
    async identify(request) {
      const { token, showing } = presentedToken(request, urls.agent)
      return gate.identify(token, showing)
    },
  })
  cleanup.add('authzen', () => door.close())
  return door
}
