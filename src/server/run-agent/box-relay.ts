import type { LinkCredentials } from '../../mcp/bridge-link.ts'
import type { AgentPlace } from '../find-endpoint.ts'
import { bearerAccess } from '../task-access.ts'
import { BOX_TOKEN } from './box-token.ts'

/**
 * In a box of `remit run`, the relay is the gateway, whatever an agent's settings name; the server that they ask for
 * alone stays. undefined = this runs in no box.
 */
export function boxRelay({
  environ,
  url,
}: Pick<AgentPlace, 'environ' | 'url'>):
  | { readonly url: string; readonly credentials: LinkCredentials }
  | undefined {
  const { REMIT_TOKEN: token = '', REMIT_MCP_URL: endpoint = '' } = environ
  if (!token.startsWith(BOX_TOKEN) || endpoint === '') return undefined
  const [server = ''] = /(?<=\/mcp)\/[^/]+$/.exec(url ?? '') ?? []
  return { url: `${endpoint}${server}`, credentials: bearerAccess(async () => token) }
}
