import type { DoorDeps } from './door-deps.ts'
import { bareNaming, type Naming, PREFIXED } from './names.ts'
import { virtualNaming, type VirtualServer } from './virtual-server.ts'

interface Endpoint {
  readonly naming: Naming
  readonly virtual?: VirtualServer
}

/** What is served, by path. */
export type Endpoints = ReadonlyMap<string, Endpoint>

/**
 * `/mcp` for all servers, `/mcp/<key>` for each server and each virtual one. An endpoint that shows what it showed
 * before keeps its naming, so that its streams can be told from those of another.
 */
export function endpointsOf(
  { upstreams, virtualServers }: Pick<DoorDeps, 'upstreams' | 'virtualServers'>,
  before?: Endpoints,
): Endpoints {
  const endpoints = new Map<string, Endpoint>([['/mcp', { naming: PREFIXED }]])
  for (const server of upstreams.keys()) {
    const path = `/mcp/${server}`
    const known = before?.get(path)
    const same = known !== undefined && known.virtual === undefined
    endpoints.set(path, same ? known : { naming: bareNaming(server) })
  }
  for (const [key, virtual] of virtualServers ?? []) {
    const path = `/mcp/${key}`
    const known = before?.get(path)
    const same = known?.virtual === virtual
    endpoints.set(path, same ? known : { naming: virtualNaming(key, virtual), virtual })
  }
  return endpoints
}
