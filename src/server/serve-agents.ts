import { traceparentUpstream } from '../audit/export/trace-ids.ts'
import { parseAddress } from './listen-address.ts'
import { type AgentPorts, createAgentEndpoints } from '../api/agent-endpoint.ts'
import type { Delegation } from '../gate/delegate.ts'
import type { AdministrationDeps } from '../gate/administration-deps.ts'
import { createHolding } from '../gate/hold-task.ts'
import type { AgentPresence } from '../gate/fleet/agent-presence.ts'
import { createSubAgents } from '../gate/sub-agents/sub-agents.ts'
import type { Gate } from '../gate/gate.ts'
import type { LargeMessages } from '../mcp/large-messages.ts'
import type { DoorDeps } from '../mcp/door-deps.ts'
import { createMcpDoor } from '../mcp/http-door.ts'
import { makeHostGuard } from '../net/check-host.ts'
import { serveClientDocument } from './serve-client-document.ts'
import { openAuthzenDoor } from './open-authzen-door.ts'
import { openHookDoor } from './open-hook-door.ts'
import type { OAuthDoor } from './oauth-door.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { takesReports } from './open-presence.ts'
import { packageVersion } from './package-version.ts'
import { SYSTEM_CLOCK, SYSTEM_ENTROPY } from './system-clock.ts'
import { createTokenDoor } from './token-door.ts'

interface AgentServices {
  readonly gate: Gate
  readonly presence: AgentPresence
  readonly delegation: Delegation
  readonly large: LargeMessages
  readonly oauth: OAuthDoor
  readonly administration: AdministrationDeps
}

/** Puts the MCP door, and what a task may delegate, on the agent plane. */
export function serveAgents(foundation: Foundation, services: AgentServices, cleanup: Cleanup): void {
  const { gate, presence, delegation, large, oauth, administration } = services
  const { servers, planes, loaded } = foundation
  const [{ config }, { agent, urls }] = [loaded, planes]
  servers.open(large)
  const hostGuard = makeHostGuard({
    address: parseAddress(config.listen.agent)?.host ?? '',
    port: agent.port,
    publicUrls: [urls.agent],
  })
  const endpoints = agentEndpoints(foundation, services, hostGuard)
  const tokens = createTokenDoor(foundation, { administration, delegation, oauth, hostGuard })
  const subAgents = createSubAgents(administration)
  const opened = { gate, presence, subAgents, hostGuard, cleanup }
  const hooks = openHookDoor(foundation, opened)
  const door = createMcpDoor({
    gate,
    subAgents,
    runtimeTool: hooks.tool,
    upstreams: servers.upstreams,
    large,
    serverSettings: servers.settings,
    virtualServers: servers.virtual,
    log: foundation.log,
    clock: SYSTEM_CLOCK,
    entropy: SYSTEM_ENTROPY,
    publicUrl: urls.agent,
    authorizationServers: [urls.agent],
    clientCertificates: agent.certificates,
    hostGuard,
    ...doorSettings(foundation),
  })
  servers.follow(() => () => {
    door.serversChanged()
  })
  servers.retireAfter((server) => door.released(server))
  cleanup.add('door', () => {
    door.close()
  })
  const others = [hooks.http, openAuthzenDoor(foundation, opened), tokens]
  const clientDocument = serveClientDocument(urls)
  agent.serve((request, response) => {
    if (clientDocument(request, response)) return
    const endpoint = endpoints(request.url)
    const other = others.find((each) => each.serves(request))
    if (endpoint !== undefined) endpoint(request, response)
    else if (other !== undefined) other.handle(request, response)
    else if (oauth.serves(request)) oauth.handle(request, response, hostGuard)
    else door.handle(request, response)
  })
}

/** What a task token can ask for beside calls. */
function agentEndpoints(
  { planes, loaded, log }: Foundation,
  { gate, presence, delegation, administration }: AgentServices,
  hostGuard: AgentPorts['hostGuard'],
): ReturnType<typeof createAgentEndpoints> {
  return createAgentEndpoints({
    delegation,
    holding: createHolding(administration),
    report: takesReports(gate, presence),
    hostGuard,
    publicUrl: planes.urls.agent,
    bodyCap: loaded.config.limits.adminBody,
    random: (size) => SYSTEM_ENTROPY.bytes(size),
    log,
  })
}

/** Without an export of traces servers would be told of spans that nobody ever sees. */
function doorSettings({
  loaded,
  keys,
}: Foundation): Pick<DoorDeps, 'stateKey' | 'version' | 'limits' | 'traceUpstream'> {
  const { exports, limits, consent } = loaded.config
  const sent = Object.values(exports).some(
    ({ format, signals }) => format === 'otlp' && signals.includes('traces'),
  )
  return {
    stateKey: keys.requestState,
    version: packageVersion(),
    limits: { body: limits.body, hold: consent.hold },
    ...(sent ? { traceUpstream: traceparentUpstream } : {}),
  }
}
