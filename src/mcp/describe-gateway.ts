import type { ServerKey } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { serversOf, type DoorContext } from './door-context.ts'
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
  of: { readonly naming: Naming; readonly owner: Owner },
): Promise<JsonObject> {
  const infos = await Promise.all(serversOf(door, of.naming).map((server) => infoOf(door, server, of.owner)))
  const capabilities: Record<string, JsonObject> = { tools: BRIDGED['tools'] ?? {} }
  for (const [name, options] of Object.entries(BRIDGED)) {
    if (infos.some((info) => info?.capabilities[name] !== undefined)) capabilities[name] = options
  }
  const [first] = infos
  const said = first === undefined ? undefined : instructionsOf(first, (texts) => door.deps.gate.scan(texts))
  const own = of.naming.bareUris ? said : of.naming.description
  return { capabilities, instructions: own === undefined ? INSTRUCTIONS : `${INSTRUCTIONS}\n\n${own}` }
}

/** A server that is down or slow adds nothing, and is heard of again with `list_changed`. */
async function infoOf(door: DoorContext, server: ServerKey, owner: Owner): Promise<UpstreamInfo | undefined> {
  try {
    const session = await withDeadline(door.catalogue.session(server, owner), door.limits.listWait)
    return session.info
  } catch {
    return undefined
  }
}
