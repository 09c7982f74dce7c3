import type { ServerKey } from '../core/ids.ts'
import type { DoorContext } from './door-context.ts'
import type { LegacySession } from './legacy-session.ts'
import { isKnown, toldTo } from './resource-subscription.ts'
import { UpstreamRpcError, type UpstreamSession } from './upstream.ts'

/**
 * Tells a server of the initialize era the level that its client set, unless this very session of it knows. Never
 * rejects: one that is not told only says more or less than was wanted, and is told the next time.
 */
export async function tellLogLevel(
  door: DoorContext,
  holder: LegacySession,
  to: { readonly server: ServerKey; readonly session: UpstreamSession; readonly signal?: AbortSignal },
): Promise<void> {
  const { logLevel: level, levelsTold, owner: party } = holder
  const { server, session } = to
  if (level === undefined || !takesLevels(door, server, session)) return
  const told = levelsTold.get(server)
  if (told !== undefined && isKnown({ told }, session)) return
  // At once, so that of many calls one tells.
  levelsTold.set(server, toldTo(session))
  const signal = to.signal ?? AbortSignal.timeout(door.limits.listWait)
  try {
    await session.request({
      method: 'logging/setLevel',
      params: { level },
      signal,
      party,
      clientCapabilities: {},
    })
    if (holder.logLevel === level) levelsTold.set(server, toldTo(session))
  } catch (thrown) {
    if (!(thrown instanceof UpstreamRpcError) && holder.logLevel === level) levelsTold.delete(server)
  }
}

/** Servers that began a session anew under who listens. What is closed is told when a call opens the next one. */
export function renewLogLevels(door: DoorContext, holder: LegacySession): void {
  for (const [server, { session }] of holder.levelsTold) {
    if (!session.closed) void tellLogLevel(door, holder, { server, session })
  }
}

/** The level of a session that others use too is not one task's to set; what it may hear is filtered by the door. */
function takesLevels(door: DoorContext, server: ServerKey, { info }: UpstreamSession): boolean {
  return (
    info.era === 'legacy' &&
    info.capabilities['logging'] !== undefined &&
    door.deps.upstreams.get(server)?.config.session === 'task'
  )
}
