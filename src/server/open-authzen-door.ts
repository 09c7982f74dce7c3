import type { Gate } from '../gate/gate.ts'
import { createHttpAuthzenDoor, type HttpAuthzenDoor } from '../authzen/http-door.ts'
import type { HostGuard } from '../net/check-host.ts'
import { agentDoorDeps } from './agent-door-deps.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'

/** The door at which applications and agent frameworks ask by AuthZEN. */
export function openAuthzenDoor(
  foundation: Foundation,
  {
    gate,
    hostGuard,
    cleanup,
  }: { readonly gate: Gate; readonly hostGuard: HostGuard; readonly cleanup: Cleanup },
): HttpAuthzenDoor {
  const door = createHttpAuthzenDoor({
    gate,
    hostGuard,
    publicUrl: foundation.planes.urls.agent,
    ...agentDoorDeps(foundation, gate, foundation.loaded.config.authzen),
  })
  cleanup.add('authzen', () => door.close())
  return door
}
