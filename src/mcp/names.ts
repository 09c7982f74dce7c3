import { isServerKey, type ServerKey } from '../core/ids.ts'

/** A name or URI as the server itself knows it. */
interface Located {
  readonly server: ServerKey
  readonly name: string
}

/** Names that MCP allows; one outside of it is not listed. https://modelcontextprotocol.io/specification/2026-07-28/server/tools */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/

const UI = 'ui://'
const WRAPPED = 'remit://'

/**
 * How one endpoint names things. `/mcp` shows all servers, so names carry the server's key; `/mcp/<server>`
 * shows one, with its own names.
 */
export interface Naming {
  readonly only: ServerKey | undefined
  exposeName(server: ServerKey, name: string): string
  locateName(exposed: string): Located | undefined
  exposeUri(server: ServerKey, uri: string): string
  locateUri(exposed: string): Located | undefined
}

export function isListableName(exposed: string): boolean {
  return NAME.test(exposed)
}

/** `server__tool` and `remit://server/<uri>`: a server key has no `_` and no `/`, so both split in one way. */
export const PREFIXED: Naming = {
  only: undefined,
  exposeName: (server, name) => `${server}__${name}`,
  locateName(exposed) {
    const at = exposed.indexOf('__')
    if (at <= 0 || at + 2 >= exposed.length) return undefined
    return located(exposed.slice(0, at), exposed.slice(at + 2))
  },
  /**
   * The server's URI stays as it is behind the prefix, so that an expanded template is the prefix and what the
   * server's own template expands to. `ui://` keeps its scheme: clients look for it (MCP Apps).
   */
  exposeUri: (server, uri) =>
    uri.startsWith(UI) ? `${UI}${server}/${uri.slice(UI.length)}` : `${WRAPPED}${server}/${uri}`,
  locateUri(exposed) {
    const scheme = exposed.startsWith(UI) ? UI : exposed.startsWith(WRAPPED) ? WRAPPED : undefined
    if (scheme === undefined) return undefined
    const slash = exposed.indexOf('/', scheme.length)
    if (slash < 0) return undefined
    const rest = exposed.slice(slash + 1)
    return located(exposed.slice(scheme.length, slash), scheme === UI ? UI + rest : rest)
  },
}

export function bareNaming(server: ServerKey): Naming {
  return {
    only: server,
    exposeName: (_server, name) => name,
    locateName: (name) => (name === '' ? undefined : { server, name }),
    exposeUri: (_server, uri) => uri,
    locateUri: (uri) => (uri === '' ? undefined : { server, name: uri }),
  }
}

function located(server: string, name: string): Located | undefined {
  return isServerKey(server) && name !== '' ? { server, name } : undefined
}

/** Path below which a naming is served, `''` for all servers: sessions do not wander between endpoints. */
export function endpointOf(naming: Naming): string {
  return naming.only ?? ''
}
