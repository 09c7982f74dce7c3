import type { JsonObject } from '../../core/json.ts'
import type { KeyPath, ServersPart } from './agent-configuration.ts'

/**
 * Servers in the words that most agents use, with the gateway as a program on stdio.
 * @param more what this agent wants at the gateway’s entry beside them.
 */
export function stdioServers(at: KeyPath, more: JsonObject = {}): ServersPart {
  return {
    kind: 'servers',
    at,
    gateway: ({ connect: [command, ...args] }) => ({ type: 'stdio', command, args, ...more }),
  }
}

/** The same for agents that know a program by its `command` alone. */
export function plainServers(at: KeyPath, more: JsonObject = {}): ServersPart {
  return {
    kind: 'servers',
    at,
    gateway: ({ connect: [command, ...args] }) => ({ command, args, ...more }),
  }
}
