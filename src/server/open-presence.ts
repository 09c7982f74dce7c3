import type { AgentPorts } from '../api/agent-endpoint.ts'
import { foldText, visibleText } from '../core/visible-text.ts'
import { AgentPresence } from '../gate/fleet/agent-presence.ts'
import { createFleet, type Fleet } from '../gate/fleet/list-fleet.ts'
import type { ReportPresence } from '../gate/fleet/presence.ts'
import type { Gate } from '../gate/gate.ts'
import type { GateSettings } from '../gate/gate-deps.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { sha256, SYSTEM_CLOCK } from './system-clock.ts'

/** The agents that are kept, for people and metrics. */
export function openFleet({ loaded, store, tenant }: Pick<Foundation, 'loaded' | 'store' | 'tenant'>): Fleet {
  return createFleet({ store: store.logins, tenant, clock: SYSTEM_CLOCK, fresh: loaded.config.hooks.fresh })
}

/** Takes the start reports of those whose token is good. Names of machines are anybody’s words. */
export function takesReports(gate: Pick<Gate, 'identify'>, presence: ReportPresence): AgentPorts['report'] {
  const shown = (text: string): string => visibleText(foldText(text, 80, 20))
  return async ({ token, showing }, { machine, ...report }) => {
    const { id, name, platform } = machine
    const plain = { ...report, machine: { id, name: shown(name), platform: shown(platform) } }
    return presence.report(await gate.identify(token, showing), plain)
  }
}

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
