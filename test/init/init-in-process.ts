import { join } from 'node:path'
import { ownAgentSurroundings } from '../../src/server/agents/agent-surroundings.ts'
import { findAgents } from '../../src/server/agents/find-agents.ts'
import { gatewayCommands } from '../../src/server/agents/gateway-commands.ts'
import { createScanner } from '../../src/server/create-scanner.ts'
import { applyInit, type GatewaySide } from '../../src/server/init/apply-init.ts'
import { type InitPlan, type InitWish, planInit } from '../../src/server/init/plan-init.ts'
import { openRunJournal, type RunJournal } from '../../src/server/init/run-journal.ts'
import { loadConfig } from '../../src/server/load-config.ts'
import { openServerFile } from '../../src/server/server-file.ts'
import type { AgentHome } from './agent-homes.ts'

/** A gateway’s store of secrets, as far as `remit init` sees it. */
export class Store implements GatewaySide<'taken'> {
  readonly values = new Map<string, string>()
  /** Thrown where the gateway is to take its file. */
  refuses: Error | undefined

  async setSecrets(values: ReadonlyMap<string, string>): Promise<void> {
    for (const [name, value] of values) this.values.set(name, value)
  }

  async takeBackSecrets(): Promise<void> {
    this.values.clear()
  }

  async reload(): Promise<'taken'> {
    if (this.refuses !== undefined) throw this.refuses
    return 'taken'
  }
}

export function plan(place: AgentHome, wish: Partial<InitWish> = {}): InitPlan {
  const { home, project, environ } = place
  const at = { ...ownAgentSurroundings(environ, project), platform: 'linux' as const }
  return planInit({
    agents: findAgents(at),
    at,
    level: 'user',
    environ,
    stored: new Map(),
    scanner: createScanner(),
    skipBad: false,
    allowUnpinned: false,
    owner: 'mona',
    trust: 'review',
    gateway: openServerFile({ cwd: home, environ }),
    commandsOf: (agent) =>
      gatewayCommands({ agent, platform: 'linux', connect: ['--agent', agent], root: '/opt/remit' }),
    ...wish,
  })
}

export function journalOf({ home, environ }: AgentHome): Promise<RunJournal> {
  return openRunJournal(loadConfig({ cwd: home, environ }), environ)
}

export async function init(
  place: AgentHome,
  wish: Partial<InitWish> = {},
  store = new Store(),
): Promise<InitPlan> {
  const planned = plan(place, wish)
  await applyInit(planned, {
    journal: await journalOf(place),
    gateway: store,
    configuration: join(place.home, 'remit.yaml'),
    now: () => new Date(0),
  })
  return planned
}
