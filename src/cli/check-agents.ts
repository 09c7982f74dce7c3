import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { asRemitError } from '../core/errors.ts'
import { ownAgentSurroundings } from '../server/agents/agent-surroundings.ts'
import { lookAtAgents } from '../server/doctor/agents/look-at-agents.ts'
import { lookAtSettings } from '../server/doctor/agents/look-at-settings.ts'
import { managedState, openManagedJournal, openRunJournal } from '../server/init/run-journal.ts'
import { projectOf } from '../server/repository-around.ts'
import { readIfAny } from '../server/start-report/read-if-any.ts'
import type { ConfigLocation } from '../server/load-config.ts'
import { stateOf } from '../server/state-of.ts'
import { loadSelected } from '../server/tenants/select-tenant.ts'
import type { Check } from './check.ts'
import type { Invocation } from './command.ts'
import { configPlace } from './config-place.ts'

/** The agents of this machine, and what `remit init` wrote for them. */
export async function agentChecks(invocation: Invocation): Promise<readonly Check[]> {
  const { io } = invocation
  const findings = await lookAtAgents(ownAgentSurroundings(io.environ, projectOf(io.cwd)))
  return [
    ...findings.map(({ about, ...rest }) => ({ name: about, ...rest })),
    ...(await settingsChecks(invocation, configPlace(invocation))),
  ]
}

/** Where no run was kept, nothing is opened and so nothing is made. */
async function settingsChecks({ io }: Invocation, place: ConfigLocation): Promise<readonly Check[]> {
  const { environ } = io
  const journals = [
    async () => {
      const loaded = loadSelected(place)
      return isKept(stateOf(loaded).root) ? await openRunJournal(loaded, environ) : undefined
    },
    async () => (isKept(managedState(environ)) ? openManagedJournal(environ) : undefined),
  ]
  const checks = journals.map(async (open): Promise<readonly Check[]> => {
    try {
      const runs = (await open())?.all() ?? []
      return lookAtSettings(runs, readIfAny).map(({ about, ...rest }) => ({ name: about, ...rest }))
    } catch (thrown) {
      const says = `what \`remit init\` wrote cannot be compared: ${asRemitError(thrown).message}`
      return [{ name: 'settings', result: 'note', says }]
    }
  })
  return (await Promise.all(checks)).flat()
}

function isKept(state: string): boolean {
  return existsSync(join(state, 'init'))
}
