import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SILENT } from '../../src/core/log.ts'
import { composeGateway, type RunningGateway } from '../../src/server/compose.ts'
import { parseConfig } from '../../src/server/load-config.ts'
import { fillWorkspace, realServers } from './real-servers.ts'
import { ROOT } from './running-gateway.ts'
import { keepPolicies, lendPolicies } from './shared-caches.ts'

export interface HumanGateway {
  readonly home: string
  readonly workspace: string
  readonly gateway: RunningGateway
  stop(): Promise<void>
}

/**
 * A gateway under the pack that ships, of a member and a maintainer who have nothing yet to log in with.
 * @param workflows as in `remit.yaml`, in YAML of one line or indented.
 */
export async function startHumanGateway(
  workflows = '{ fix-tests: { description: mend failing tests } }',
): Promise<HumanGateway> {
  const home = mkdtempSync(join(tmpdir(), 'remit-humans-'))
  const workspace = join(home, 'workspace')
  fillWorkspace(workspace)
  const text = `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
policies: [${join(ROOT, 'policies', 'coding-agent')}]
humans:
  - { id: alice, roles: [member] }
  - { id: mona, roles: [maintainer] }
consent: { hold: 1ms }
workflows: ${workflows}
${realServers({ home, workspace })}`
  lendPolicies(join(home, '.remit'))
  const loaded = { ...parseConfig('remit.yaml', text, {}), folder: home }
  const gateway = await composeGateway({ loaded, environ: {}, log: SILENT, demo: false })
  keepPolicies(join(home, '.remit'))
  return {
    home,
    workspace,
    gateway,
    async stop() {
      await gateway.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
