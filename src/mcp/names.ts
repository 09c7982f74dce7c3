import { RUNTIME_TOOL } from '../core/runtime-tool.ts'
import { isServerKey, type ServerKey } from '../core/ids.ts'

/** A name or URI as the server itself knows it. */
interface Located {
  readonly server: ServerKey
  readonly name: string
}

/** Names that MCP allows; one outside of it is not listed. https://modelcontextprotocol.io/specification/2026-07-28/server/tools */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/

/** Schemes that clients look for, MCP Apps and skills, and so keep. */
const KEPT = ['ui://', 'skill://'] as const
const WRAPPED = 'remit://'

/** What has a name of its own, apart from the names of the other. */
export type NamedKind = 'tool' | 'prompt'

/**
 * How one endpoint names things. `/mcp` shows all servers, so names carry the server's key; `/mcp/<server>`
 * shows one, with its own names; a virtual server shows a selection under names of its own.
 */
export interface Naming {
  /** Path below which it is served, `''` for all servers: sessions do not wander between endpoints. */
  readonly endpoint: string
  /** Servers that stand behind it; absent = all. */
  readonly servers?: readonly ServerKey[]
  /** URIs are the server's own, since there is only one. */
  readonly bareUris: boolean
  /** What a human says of the endpoint. */
  readonly description?: string
  /** Undefined = not shown here. */
  exposeName(kind: NamedKind, server: ServerKey, name: string): string | undefined
  locateName(kind: NamedKind, exposed: string): Located | undefined
  /** Undefined = not shown here. */
  exposeUri(server: ServerKey, uri: string): string | undefined
  locateUri(exposed: string): Located | undefined
  /** Stands in place of the server's own description of a tool. */
  describeTool?(exposed: string): string | undefined
}

function keptOf(uri: string): string | undefined {
  return KEPT.find((scheme) => uri.startsWith(scheme))
}

function wrap(kept: string | undefined, server: ServerKey, uri: string): string {
  return kept === undefined ? `${WRAPPED}${server}/${uri}` : `${kept}${server}/${uri.slice(kept.length)}`
}

/** Whether something of a server may be listed under the name. */
export function isListableName(exposed: string): boolean {
  return NAME.test(exposed) && exposed !== RUNTIME_TOOL
}

/** `server__tool` and `remit://server/<uri>`: a server key has no `_` and no `/`, so both split in one way. */
export const PREFIXED = {
  endpoint: '',
  bareUris: false,
  exposeName: (_kind: NamedKind, server: ServerKey, name: string) => `${server}__${name}`,
  locateName(_kind: NamedKind, exposed: string): Located | undefined {
    const at = exposed.indexOf('__')
    if (at <= 0 || at + 2 >= exposed.length) return undefined
    return located(exposed.slice(0, at), exposed.slice(at + 2))
  },
  /**
   * The server's URI stays as it is behind the prefix, so that an expanded template is the prefix and what the
   * server's own template expands to. `KEPT` schemes stay.
   */
  exposeUri: (server: ServerKey, uri: string) => wrap(keptOf(uri), server, uri),
  locateUri(exposed: string): Located | undefined {
    const kept = keptOf(exposed)
    const scheme = kept ?? WRAPPED
    if (!exposed.startsWith(scheme)) return undefined
    const slash = exposed.indexOf('/', scheme.length)
    if (slash < 0) return undefined
    const rest = exposed.slice(slash + 1)
    return located(exposed.slice(scheme.length, slash), kept === undefined ? rest : kept + rest)
  },
} satisfies Naming

export function bareNaming(server: ServerKey): Naming {
  return {
    endpoint: server,
    servers: [server],
    bareUris: true,
    exposeName: (_kind, _server, name) => name,
    locateName: (_kind, name) => (name === '' ? undefined : { server, name }),
    exposeUri: (_server, uri) => uri,
    locateUri: (uri) => (uri === '' ? undefined : { server, name: uri }),
  }
}

/** Whether what this server says is for the endpoint. */
export function covers({ servers }: Naming, server: ServerKey): boolean {
  return servers === undefined || servers.includes(server)
}

function located(server: string, name: string): Located | undefined {
  return isServerKey(server) && name !== '' ? { server, name } : undefined
}
