import { isServerKey } from '../core/ids.ts'
import { PREFIXED } from '../mcp/names.ts'
import type { Selected, VirtualServer } from '../mcp/virtual-server.ts'
import type { Config } from './config-schema.ts'

type Selection = Config['virtualServers'][string]['tools']

/** The virtual servers of the configuration as the door serves them. */
export function describeVirtualServers({ virtualServers }: Config): ReadonlyMap<string, VirtualServer> {
  return new Map(
    Object.entries(virtualServers).map(([key, { description, tools, prompts, resources }]) => [
      key,
      {
        ...(description === undefined ? {} : { description }),
        tools: selectedOf(tools),
        prompts: selectedOf(prompts),
        resources: resources.filter((server) => isServerKey(server)),
      },
    ]),
  )
}

function selectedOf(selection: Selection): ReadonlyMap<string, Selected> {
  return new Map(
    Object.entries(selection).flatMap(([exposed, { from, description }]) => {
      const located = PREFIXED.locateName('tool', from)
      if (located === undefined) return []
      return [[exposed, { ...located, ...(description === undefined ? {} : { description }) }] as const]
    }),
  )
}
