import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SILENT } from '../../src/core/log.ts'
import { composeGateway } from '../../src/server/compose.ts'
import { parseConfig } from '../../src/server/load-config.ts'
import type { MadeCertificate } from './client-certificates.ts'
import { freePort } from './free-port.ts'
import { fillWorkspace, realServers } from './real-servers.ts'
import { APPROVER_CODE, ROOT } from './running-gateway.ts'
import { keepPolicies, lendPolicies } from './shared-caches.ts'
import { startTlsProxy } from './tls-proxy.ts'

/** A gateway in this process, for agents that know it by an `https` URL alone. */
export interface RemoteGateway {
  readonly home: string
  readonly workspace: string
  /** Base URL of the agent plane as agents know it. */
  readonly publicUrl: string
  /** Bases that it is not known by, also the one at which the proxy reaches it. */
  readonly otherUrls: readonly string[]
  readonly adminUrl: string
  approve(approval: string): Promise<void>
  stop(): Promise<void>
}

export type Reach = 'with a certificate of its own' | 'behind a reverse proxy'

export async function startRemoteGateway(reach: Reach, own: MadeCertificate): Promise<RemoteGateway> {
  const home = mkdtempSync(join(tmpdir(), 'remit-remote-'))
  const workspace = join(home, 'workspace')
  fillWorkspace(workspace)
  const proxy = reach === 'behind a reverse proxy' ? await startTlsProxy(own) : undefined
  const port = await freePort()
  const publicUrl = proxy?.url ?? `https://localhost:${port}`
  const { cert, key } = own.files
  const text = `listen: { agent: "127.0.0.1:${port}", admin: "localhost:0" }
publicUrl: ${publicUrl}
${proxy === undefined ? `tls: { cert: ${cert}, key: ${key} }` : 'trustedProxies: [127.0.0.1]'}
policies: [${join(ROOT, 'policies', 'coding-agent')}]
humans: [{ id: mona, roles: [maintainer] }]
consent: { hold: 1ms }
workflows: { fix-tests: { description: mend failing tests } }
${realServers({ home, workspace })}`
  lendPolicies(join(home, '.remit'))
  const loaded = { ...parseConfig('remit.yaml', text, {}), folder: home }
  const environ = { PATH: process.env['PATH'], REMIT_APPROVER: `mona:${APPROVER_CODE}` }
  const gateway = await composeGateway({ loaded, environ, log: SILENT, demo: false })
  keepPolicies(join(home, '.remit'))
  const innerUrl = `http://127.0.0.1:${port}`
  proxy?.pointAt(innerUrl)
  return {
    home,
    workspace,
    publicUrl,
    otherUrls: ['https://gateway.example', ...(proxy === undefined ? [] : [innerUrl])],
    adminUrl: gateway.urls.admin,
    async approve(approval) {
      const answer = await fetch(`${gateway.urls.admin}/approvals/${approval}/approve`, {
        method: 'POST',
        headers: { authorization: `Bearer ${APPROVER_CODE}`, 'content-type': 'application/json' },
        body: '{}',
      })
      if (!answer.ok) throw new Error(`not approved: ${await answer.text()}`)
    },
    async stop() {
      proxy?.close()
      await gateway.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
