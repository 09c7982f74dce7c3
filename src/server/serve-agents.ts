import { parseAddress } from './listen-address.ts'
import { isServerKey, type ServerKey } from '../core/ids.ts'
import type { Gate } from '../gate/gate.ts'
import type { ServerSettings } from '../mcp/door-deps.ts'
import type { LargeMessages } from '../mcp/large-messages.ts'
import { createMcpDoor } from '../mcp/http-door.ts'
import type { Upstream } from '../mcp/upstream.ts'
import { PooledUpstream } from '../mcp/upstream-pool.ts'
import { makeHostGuard } from '../net/check-host.ts'
import type { Cleanup } from './cleanup.ts'
import { serverSettings, upstreamConfig } from './describe-upstreams.ts'
import { describeVirtualServers } from './describe-virtual-servers.ts'
import type { Foundation } from './open-foundation.ts'
import { packageVersion } from './package-version.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'

/** Puts the MCP door on the agent plane; answers with the servers behind it. */
export function serveAgents(
  foundation: Foundation,
  { gate, large }: { readonly gate: Gate; readonly large: LargeMessages },
  cleanup: Cleanup,
): ReadonlyMap<ServerKey, Upstream> {
  const { config } = foundation.loaded
  const { agent, urls } = foundation.planes
  const { upstreams, settings } = openUpstreams(foundation, large)
  cleanup.add('upstreams', async () => {
    await Promise.all([...upstreams.values()].map((upstream) => upstream.close()))
  })
  const door = createMcpDoor({
    gate,
    upstreams,
    large,
    serverSettings: settings,
    virtualServers: describeVirtualServers(config),
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
  cleanup.add('door', () => {
    door.close()
  })
  agent.serve((request, response) => {
    door.handle(request, response)
  })
  return upstreams
}

function openUpstreams(
  { loaded, planes, secrets, log }: Foundation,
  large: LargeMessages,
): {
  readonly upstreams: ReadonlyMap<ServerKey, Upstream>
  readonly settings: ReadonlyMap<ServerKey, ServerSettings>
} {
  const upstreams = new Map<ServerKey, Upstream>()
  const settings = new Map<ServerKey, ServerSettings>()
  const ownPorts = new Set([planes.agent.port, planes.admin.port])
  const client = { name: 'remit', version: packageVersion() }
  for (const [key, server] of Object.entries(loaded.config.servers)) {
    if (!isServerKey(key)) continue
    const resolved = secrets[key] ?? { env: {}, headers: {} }
    const described = upstreamConfig(key, server, { resolved, folder: loaded.folder })
    const guard = { ownPorts: () => ownPorts }
    upstreams.set(key, new PooledUpstream(described, { client, log, guard, large }))
    settings.set(key, serverSettings(server, loaded.folder))
  }
  return { upstreams, settings }
}
