import { createHash } from 'node:crypto'
import { canonicalJson } from '../core/canonical-json.ts'
import type { Digest } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { SERVER_PIN } from '../core/tool-pin.ts'
import type { ListedDefinition } from '../gate/gate-deps.ts'
import type { UpstreamConfig, UpstreamSession } from './upstream.ts'

/** What a server is, to go on record beside its tools: the program or the URL, and the name and version that it says. */
export function listedServer(config: UpstreamConfig, session: UpstreamSession): ListedDefinition {
  const { name, version } = session.info.serverInfo
  const definition: JsonObject = {
    ...reachedBy(config, session),
    says: {
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof version === 'string' ? { version } : {}),
    },
  }
  const digest = createHash('sha256').update(canonicalJson(definition)).digest('hex') as Digest
  return { name: SERVER_PIN, digest, definition }
}

function reachedBy({ transport }: UpstreamConfig, { program }: UpstreamSession): JsonObject {
  if (transport.kind === 'stdio') return program ?? { command: transport.command, args: transport.args }
  // What stands behind the question mark may be a credential.
  const { origin, pathname } = new URL(transport.url)
  return { url: `${origin}${pathname}` }
}
