import type { Log } from '../core/log.ts'
import { describeTool } from '../mcp/describe-tool.ts'
import { DEFAULT_LIMITS } from '../mcp/door-deps.ts'
import { loadList } from '../mcp/load-list.ts'
import { PooledUpstream } from '../mcp/upstream-pool.ts'
import type { UpstreamConfig } from '../mcp/upstream.ts'
import { packageVersion } from './package-version.ts'

/** What a server said when it was reached. */
export interface TriedServer {
  readonly era: string
  readonly protocolVersion: string
  readonly tools: readonly { readonly name: string; readonly description: string }[]
}

/**
 * Reaches a server once, as the gateway would, from this process.
 * @throws RemitError `upstream_*`.
 */
export async function tryServer(config: UpstreamConfig, log: Log): Promise<TriedServer> {
  const upstream = new PooledUpstream(config, { client: { name: 'remit', version: packageVersion() }, log })
  try {
    const session = await upstream.session('check')
    const { items: raw } = await loadList(session, 'tools', DEFAULT_LIMITS)
    const tools = raw.flatMap((json) => {
      const tool = describeTool(config.key, json)
      if (tool === undefined) return []
      const { name, description = '' } = tool.definition
      return [{ name, description }]
    })
    const { era, protocolVersion } = session.info
    return { era, protocolVersion, tools }
  } finally {
    await upstream.close()
  }
}
