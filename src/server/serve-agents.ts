import { parseAddress } from './listen-address.ts'
import type { Gate } from '../gate/gate.ts'
import type { LargeMessages } from '../mcp/large-messages.ts'
import { createMcpDoor } from '../mcp/http-door.ts'
import { makeHostGuard } from '../net/check-host.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { packageVersion } from './package-version.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** Puts the MCP door on the agent plane. */
export function serveAgents(
  foundation: Foundation,
  { gate, large }: { readonly gate: Gate; readonly large: LargeMessages },
  cleanup: Cleanup,
): void {
  const { config } = foundation.loaded
  const { agent, urls } = foundation.planes
  const { servers } = foundation
  servers.open(large)
  const door = createMcpDoor({
    gate,
    upstreams: servers.upstreams,
    large,
    serverSettings: servers.settings,
    virtualServers: servers.virtual,
    log: foundation.log,
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    publicUrl: urls.agent,
    hostGuard: makeHostGuard({
      address: parseAddress(config.listen.agent)?.host ?? '',
      port: agent.port,
      publicUrls: [urls.agent],
    }),
    stateKey: foundation.keys.requestState,
    version: packageVersion(),
    limits: { body: config.limits.body, hold: config.consent.hold },
  })
  servers.follow(() => () => {
    door.serversChanged()
  })
  servers.retireAfter((server) => door.released(server))
  cleanup.add('door', () => {
    door.close()
  })
  agent.serve((request, response) => {
    door.handle(request, response)
  })
}
