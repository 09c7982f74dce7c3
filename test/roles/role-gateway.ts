import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json, JsonObject } from '../../src/core/json.ts'
import { SILENT } from '../../src/core/log.ts'
import { composeGateway } from '../../src/server/compose.ts'
import { parseConfig } from '../../src/server/load-config.ts'
import { type MarkedUpstream, startMarkedUpstream } from '../support/marked-upstream.ts'
import { ROOT } from '../support/running-gateway.ts'
import { keepPolicies, lendPolicies } from '../support/shared-caches.ts'
import { type Answer, ask, mcp } from '../tenants/ask.ts'

/** One human of each role, two members, and one of all roles; `olga` owns the credential on disk. */
export const PEOPLE = {
  olga: 'member',
  alice: 'member',
  bob: 'member',
  ann: 'approver',
  aud: 'auditor',
  adm: 'admin',
  mona: 'maintainer',
} as const
export type Person = keyof typeof PEOPLE

/** In everything that alice’s agent says and does. */
export const MARK = 'mark7alice5d2e'

/** One of everything that alice has. */
export interface Traces {
  readonly task: string
  readonly approval: string
  readonly granted: string
  readonly glass: string
  readonly grant: string
  readonly decision: string
}

export interface RoleGateway {
  readonly admin: string
  readonly stored: string
  readonly traces: Traces
  code(person: Person): string
  get(as: Person | 'stored', path: string): Promise<Answer>
  post(as: Person | 'stored', path: string, body?: Json): Promise<Answer>
  stop(): Promise<void>
}

const codeOf = (person: string): string => `${person}-has-this-code-0001`

/** A gateway in this process, in which alice’s agent has worked. */
export async function startRoleGateway(): Promise<RoleGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'remit-roles-'))
  const upstream = await startMarkedUpstream(MARK)
  lendPolicies(join(folder, '.remit'))
  const loaded = { ...parseConfig('remit.yaml', configOf(upstream), {}), folder }
  const codes = Object.keys(PEOPLE).map((person) => `${person}:${codeOf(person)}`)
  const environ = { REMIT_APPROVER: codes.join(',') }
  const gateway = await composeGateway({ loaded, environ, log: SILENT, demo: false })
  keepPolicies(join(folder, '.remit'))
  const { admin, agent } = gateway.urls
  const stored = readFileSync(join(folder, '.remit', 'local-credential'), 'utf8').trim()
  const credential = (as: Person | 'stored'): string => (as === 'stored' ? stored : `${as}:${codeOf(as)}`)
  const at = {
    admin,
    stored,
    code: codeOf,
    get: (as: Person | 'stored', path: string) =>
      ask({ method: 'GET', url: `${admin}${path}`, credential: credential(as) }),
    post: (as: Person | 'stored', path: string, body: Json = {}) =>
      ask({ method: 'POST', url: `${admin}${path}`, credential: credential(as), body }),
  }
  const workspace = join(folder, 'workspace')
  mkdirSync(workspace)
  const traces = await work(at, { agent, workspace })
  return {
    ...at,
    traces,
    async stop() {
      await gateway.stop()
      upstream.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configOf({ url }: MarkedUpstream): string {
  const people = Object.entries(PEOPLE).map(([id, role]) => `  - { id: ${id}, roles: [${role}] }\n`)
  return `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
policies: [${join(ROOT, 'policies', 'coding-agent')}]
humans:
${people.join('')}consent: { hold: 1ms }
workflows: { code: {} }
servers:
  box:
    url: ${url}
    era: modern
    trust: first-use
    fileSystem: none
    tools:
      run: { actions: [shell.execute], arguments: { text: command } }
`
}

const REPORT = {
  agent: 'claude-code',
  version: '2.1.330',
  machine: { id: '0'.repeat(32), name: `laptop ${MARK}`, platform: 'linux' },
  hooks: { files: 'present', digest: 'a'.repeat(64) },
}

type Asking = Pick<RoleGateway, 'get' | 'post'>

async function work(
  { get, post }: Asking,
  { agent, workspace }: { readonly agent: string; readonly workspace: string },
): Promise<Traces> {
  const issued = parsed(
    await post('alice', '/tasks', { workflow: 'code', intent: `mend ${MARK}`, workspace }),
  )
  const { task, token } = issued as unknown as { task: { id: string }; token: string }
  const call = (command: string): Promise<Answer> =>
    ask({
      url: `${agent}/mcp`,
      credential: token,
      ...mcp('modern', 'tools/call', { name: 'box__run', arguments: { text: command } }),
    })
  await ask({ method: 'POST', url: `${agent}/agents/v1/report`, credential: token, body: REPORT })
  const newest = async (what: 'approvals' | 'grants'): Promise<string> => {
    const rows = parsed(await get('mona', `/${what}`))[what] as unknown as readonly { id: string }[]
    return rows[0]?.id ?? ''
  }
  await call(`npm run ${MARK}`)
  const approval = await newest('approvals')
  await call(`npm test # ${MARK}`)
  const granted = await newest('approvals')
  await post('ann', `/approvals/${granted}/approve`, { grant: 'task' })
  await call(`npm test # ${MARK}`)
  const glass = parsed(await post('mona', '/glass', { task: task.id, reason: MARK }))
  const decided = parsed(await get('mona', '/records?kind=decision'))
  return {
    task: task.id,
    approval,
    granted,
    glass: (glass['approval'] as { id: string } & JsonObject).id,
    grant: await newest('grants'),
    decision:
      (decided['records'] as unknown as readonly { envelope: { id: string } }[])[0]?.envelope.id ?? '',
  }
}

export function parsed({ status, text }: Answer): JsonObject {
  if (status >= 300) throw new Error(text)
  return JSON.parse(text) as JsonObject
}
