import { AUTHZEN_SERVER } from '../authzen/to-tool-call.ts'
import { AGENTS } from '../classify/catalogue/agents.ts'

/**
 * Why no server may have this key; undefined = it may. What does not come from a server is called so where policies and
 * records name servers: a server under that key would say what it does, and rules about one would hold for the other.
 */
export function whyReservedKey(key: string): string | undefined {
  if (key === AUTHZEN_SERVER) return 'cannot name a server: applications that ask by AuthZEN are called so'
  if (AGENTS.has(key)) return 'cannot name a server: the tools that this agent has of its own are called so'
  return undefined
}
