import type { ServerCheck } from '../api/contract.ts'
import { asRemitError } from '../core/errors.ts'
import type { Clock } from '../core/clock.ts'
import { pinStatus } from '../core/tool-pin.ts'
import type { DefinitionPins } from '../gate/gate-deps.ts'
import type { PinBoard } from '../gate/pins/pin-board.ts'
import { listedServer } from '../mcp/describe-server.ts'
import { type CatalogueTool, describeTool, listedDefinition } from '../mcp/describe-tool.ts'
import { DEFAULT_LIMITS } from '../mcp/door-deps.ts'
import { loadList } from '../mcp/load-list.ts'
import type { Upstream } from '../mcp/upstream.ts'
import type { ServerConfig } from './config-schema.ts'
import { confinementOf } from './confinement.ts'
import { namedPackage } from './sandbox/named-package.ts'

export interface CheckSources {
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly servers: Readonly<Record<string, ServerConfig>>
  readonly pins: Pick<DefinitionPins, 'see'>
  readonly reviews: Pick<PinBoard, 'list'>
  readonly clock: Clock
}

/** No task's: what is opened for a check is closed after it. */
const OWNER = 'check'

/**
 * Reaches every server as a task would, one beside the other, and puts what it lists on record, so that a human can
 * review its tools before an agent meets them.
 */
export function checkServers(sources: CheckSources): Promise<readonly ServerCheck[]> {
  const upstreams = [...sources.upstreams.values()].toSorted((a, b) => (a.config.key < b.config.key ? -1 : 1))
  return Promise.all(upstreams.map((upstream) => checkServer(sources, upstream)))
}

async function checkServer(sources: CheckSources, upstream: Upstream): Promise<ServerCheck> {
  const { key } = upstream.config
  const started = sources.clock.now()
  const confinement = confinementOf(upstream)
  const notes = notesOn(confinement, sources.servers[key])
  const base = { key, notes, ...(confinement === undefined ? {} : { confinement }) }
  try {
    const session = await upstream.session(OWNER)
    try {
      const { items: raw } = await loadList(session, 'tools', DEFAULT_LIMITS)
      const tools = new Map<string, CatalogueTool>()
      for (const json of raw) {
        const tool = describeTool(key, json)
        if (tool !== undefined && !tools.has(tool.definition.name)) tools.set(tool.definition.name, tool)
      }
      const itself = listedServer(upstream.config, session)
      await sources.pins.see(key, [itself, ...[...tools.values()].map(listedDefinition)])
      const { era, protocolVersion } = session.info
      const millis = sources.clock.now() - started
      return { ...base, ok: true, era, protocolVersion, tools: tools.size, millis, ...offOf(sources, key) }
    } finally {
      if (upstream.config.session !== 'shared') await session.close()
    }
  } catch (thrown) {
    const { code, message, detail } = asRemitError(thrown)
    const { nextTry } = upstream.health
    const next = nextTry === undefined ? {} : { nextTry }
    return { ...base, ok: false, error: `${code}: ${detail ?? message}`, ...next }
  }
}

function offOf(
  { reviews }: CheckSources,
  server: string,
): { readonly pending: number; readonly refused: number } {
  const pins = reviews.list().filter((pin) => pin.server === server)
  const count = (status: string): number => pins.filter((pin) => pinStatus(pin) === status).length
  return { pending: count('pending'), refused: count('refused') }
}

function notesOn(
  confinement: ServerCheck['confinement'],
  server: ServerConfig | undefined,
): readonly string[] {
  return [
    ...(confinement === undefined || confinement.confined
      ? []
      : [`runs unconfined, as the user who runs the gateway: ${confinement.reason}`]),
    ...unpinnedNotes(server),
    ...(server?.owner === undefined ? ['has no `owner` who answers for it'] : []),
    ...(server?.purpose === undefined ? ['has no `purpose`'] : []),
    ...(server?.trust === 'updates' ? ['may change its tools unseen (`trust: updates`)'] : []),
  ]
}

function unpinnedNotes(server: ServerConfig | undefined): readonly string[] {
  const fetched = namedPackage(server?.command ?? '', server?.args ?? [])
  if (fetched === undefined || fetched.exact) return []
  return [`runs whatever \`${fetched.spec}\` is today; name an exact version`]
}
