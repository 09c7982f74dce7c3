import type { ServerKey } from '../core/ids.ts'
import { PREFIXED, type NamedKind, type Naming } from './names.ts'

/** A tool or prompt of a server, under a name that the virtual server gives it. */
export interface Selected {
  readonly server: ServerKey
  readonly name: string
  /** Stands in place of the server's own. */
  readonly description?: string
}

/** A named selection of what servers offer, with an endpoint of its own. */
export interface VirtualServer {
  readonly description?: string
  /** By the name that clients see. */
  readonly tools: ReadonlyMap<string, Selected>
  readonly prompts: ReadonlyMap<string, Selected>
  /** Servers whose resources are shown, all of them. */
  readonly resources: readonly ServerKey[]
}

/**
 * Names of a virtual server lead to the server's own, so that what is decided, pinned and recorded is the same through
 * every endpoint. Resources keep the form that they have at `/mcp`.
 */
export function virtualNaming(key: string, virtual: VirtualServer): Naming {
  const { description, resources } = virtual
  const selected: Readonly<Record<NamedKind, ReadonlyMap<string, Selected>>> = {
    tool: virtual.tools,
    prompt: virtual.prompts,
  }
  const exposed = {
    tool: exposedNames(virtual.tools),
    prompt: exposedNames(virtual.prompts),
  }
  const all = [...virtual.tools.values(), ...virtual.prompts.values()].map(({ server }) => server)
  return {
    endpoint: key,
    servers: [...new Set([...all, ...resources])].toSorted(),
    bareUris: false,
    ...(description === undefined ? {} : { description }),
    exposeName: (kind, server, name) => exposed[kind].get(ownKey(server, name)),
    locateName: (kind, name) => selected[kind].get(name),
    exposeUri: (server, uri) => (resources.includes(server) ? PREFIXED.exposeUri(server, uri) : undefined),
    locateUri(uri) {
      const located = PREFIXED.locateUri(uri)
      return located !== undefined && resources.includes(located.server) ? located : undefined
    },
    describeTool: (name) => virtual.tools.get(name)?.description,
  }
}

/** The first name given to a thing is the one that it is listed under. */
function exposedNames(selected: ReadonlyMap<string, Selected>): ReadonlyMap<string, string> {
  const names = [...selected].map(([exposed, { server, name }]) => [ownKey(server, name), exposed] as const)
  return new Map(names.toReversed())
}

function ownKey(server: ServerKey, name: string): string {
  return `${server}__${name}`
}
