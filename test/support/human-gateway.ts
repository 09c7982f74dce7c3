import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

interface MoreOfGateway {
  /** Lines of the list. */
  readonly humans?: string
  /** Entries of the section; given the folder of the gateway. */
  readonly servers?: (home: string) => string
  readonly policy?: string
  /** Configuration of each, by name. */
  readonly tenants?: Readonly<Record<string, string>>
  readonly environ?: Readonly<Record<string, string>>
}

/**
 * A gateway under the pack that ships, of a member and a maintainer who have nothing yet to log in with.
 * @param workflows as in `remit.yaml`, in YAML of one line or indented.
 * @param more people, servers and tenants beside them, a policy beside the pack.
 */
export async function startHumanGateway(
  workflows = '{ fix-tests: { description: mend failing tests } }',
  more: MoreOfGateway = {},
): Promise<HumanGateway> {
  const home = mkdtempSync(join(tmpdir(), 'remit-humans-'))
  const workspace = join(home, 'workspace')
  fillWorkspace(workspace)
  const own = more.policy === undefined ? [] : [join(home, 'more')]
  if (more.policy !== undefined) {
    mkdirSync(join(home, 'more'))
    writeFileSync(join(home, 'more', 'own.cedar'), more.policy)
  }
  const tenants = Object.entries(more.tenants ?? {})
  for (const [name, text] of tenants) writeFileSync(join(home, `${name}.yaml`), text)
  const hosted = tenants.map(([name]) => `${name}: { config: ./${name}.yaml }`).join(', ')
  const text = `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
policies: [${[join(ROOT, 'policies', 'coding-agent'), ...own].join(', ')}]
humans:
  - { id: alice, roles: [member] }
  - { id: mona, roles: [maintainer] }
${more.humans ?? ''}tenants: { ${hosted} }
consent: { hold: 1ms }
workflows: ${workflows}
${realServers({ home, workspace })}${more.servers?.(home) ?? ''}`
  lendPolicies(join(home, '.remit'))
  const loaded = { ...parseConfig('remit.yaml', text, {}), folder: home }
  const gateway = await composeGateway({ loaded, environ: more.environ ?? {}, log: SILENT, demo: false })
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
