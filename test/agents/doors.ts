/** How an act reaches the machine: by a tool of the agent's own, or by one of the gateway over either transport. */
export const DOORS = ['shell', 'edit', 'read', 'mcp', 'mcp-http'] as const

export type Door = (typeof DOORS)[number]

export function isMcp(door: Door): boolean {
  return door.startsWith('mcp')
}

/** Those of one connection, the MCP door last: an agent without the gateway's tools ends the script there. */
export function doorsOf(mcp: 'stdio' | 'http'): readonly Door[] {
  return mcp === 'http' ? ['mcp-http'] : ['shell', 'edit', 'read', 'mcp']
}
