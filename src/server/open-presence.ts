import { AgentPresence } from '../gate/fleet/agent-presence.ts'
import type { GateSettings } from '../gate/gate-deps.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { sha256, SYSTEM_CLOCK } from './system-clock.ts'

/** Who works for which task, as it was known before the restart. */
export async function openPresence(
  { loaded, log, store }: Pick<Foundation, 'loaded' | 'log' | 'store'>,
  settings: GateSettings,
  cleanup: Cleanup,
): Promise<AgentPresence> {
  const { fresh, keep } = loaded.config.hooks
  const { journal, logins: fleet } = store
  const presence = new AgentPresence({
    settings,
    journal,
    fleet,
    fresh,
    keep,
    log,
    sha256,
    clock: SYSTEM_CLOCK,
  })
  await presence.load()
  cleanup.add('fleet', () => presence.idle())
  return presence
}
