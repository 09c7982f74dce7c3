import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { ClientClaim } from './client-claim.ts'
import { serversOf, type DoorContext } from './door-context.ts'
import { describeExtensions } from './describe-extensions.ts'
import type { Naming } from './names.ts'
import type { Owner } from './owner.ts'
import type { UpstreamInfo } from './upstream.ts'
import { instructionsOf } from './withhold-words.ts'
import { withDeadline } from './with-deadline.ts'

const INSTRUCTIONS =
  'Every call here is decided by Remit for the task that you work on. A refusal says why and what to do. ' +
  'When a call waits for approval, tell the human, and retry exactly the same call once it is approved.'

/** Capabilities that the gateway bridges, and with which of their options. */
const BRIDGED: Readonly<Record<string, JsonObject>> = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  completions: {},
  logging: {},
}

/** What this endpoint can do: the union of what its servers can and the gateway bridges. Tools always. */
export async function describeGateway(
  door: DoorContext,
  of: { readonly naming: Naming; readonly owner: Owner; readonly claim: ClientClaim },
): Promise<JsonObject> {
  const servers = serversOf(door, of.naming)
  const { listWait, describeWait } = door.limits
  // One server among many must not hold up the client's very first request.
  const wait = servers.length === 1 ? listWait : Math.min(describeWait, listWait)
  const infos = await Promise.all(servers.map((server) => infoOf(door, server, { owner: of.owner, wait })))
  // What a server that has not answered yet can do is not known, and cannot be claimed later.
  const unknown = infos.includes(undefined)
  const capabilities: Record<string, JsonObject> = { tools: BRIDGED['tools'] ?? {} }
  for (const [name, options] of Object.entries(BRIDGED)) {
    if (unknown || infos.some((info) => info?.capabilities[name] !== undefined)) capabilities[name] = options
  }
  Object.assign(capabilities, describeExtensions(infos, of.claim))
  const [first] = infos
  const said = first === undefined ? undefined : instructionsOf(first, (texts) => door.deps.gate.scan(texts))
  const own = of.naming.bareUris ? said : of.naming.description
  return { capabilities, instructions: own === undefined ? INSTRUCTIONS : `${INSTRUCTIONS}\n\n${own}` }
}

/** Undefined = it is down or slow. */
async function infoOf(
  door: DoorContext,
  server: ServerKey,
  { owner, wait }: { readonly owner: Owner; readonly wait: number },
): Promise<UpstreamInfo | undefined> {
  try {
    const session = await withDeadline(door.catalogue.session(server, owner), wait)
    return session.info
  } catch {
    return undefined
  }
}
