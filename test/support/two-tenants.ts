import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogLevel } from '../../src/core/log.ts'
import { keepPolicies, lendPolicies } from './shared-caches.ts'
import { composeGateway, type RunningGateway } from '../../src/server/compose.ts'
import { loadConfig } from '../../src/server/load-config.ts'

export interface LogLine {
  readonly level: LogLevel
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** An installation whose own tenant is `home`, with more beside it, in this process. */
export interface Installation {
  readonly folder: string
  readonly gateway: RunningGateway
  readonly log: readonly LogLine[]
  /** Base URLs of a tenant's planes. */
  urls(tenant: string): RunningGateway['urls']
  /** Code of the human of a tenant: each has one, named after it. */
  code(tenant: string): string
  stateOf(tenant: string): string
  stop(): Promise<void>
  remove(): Promise<void>
}

export interface InstallationOptions {
  /** Tenants beside `home`, with the rest of their configuration. */
  readonly tenants: Readonly<Record<string, string>>
  readonly environ?: Readonly<Record<string, string>>
  /** More of the installation's file. */
  readonly more?: string
  /** More of a tenant's entry there. */
  readonly entries?: Readonly<Record<string, string>>
}

/** A tenant's humans, two of them as another one has to agree, and its policies. */
export function tenantOf(tenant: string): string {
  return `policies: [./${tenant}-policies]
humans:
  - { id: ${tenant}-mona, teams: [${tenant}-team], roles: [maintainer] }
  - { id: ${tenant}-otto, roles: [maintainer] }
`
}

export function codeOf(human: string): string {
  return `${human}-approver-code`
}

/** Few policies: what they decide is not what is tried. */
const POLICIES = `@id("all") permit (principal, action, resource);
@id("run") @reason("it runs code") @consent("run") @grant("task") @severity("medium") @delegator("yes")
forbid (principal is Task, action in [Action::"code.execute", Action::"shell.execute"], resource);
`

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'remit-tenants-'))
  const names = Object.keys(options.tenants)
  const entries = names.map(
    (name) => `  ${name}: { config: ./${name}.yaml${options.entries?.[name] ?? ''} }\n`,
  )
  writeFileSync(
    join(folder, 'remit.yaml'),
    `listen: { agent: "127.0.0.1:0", admin: "localhost:0" }
state: ${folder}/.remit
tenant: home
${tenantOf('home').replace('home-policies', 'policies')}${options.more ?? ''}tenants:\n${entries.join('')}`,
  )
  for (const [name, text] of Object.entries(options.tenants))
    writeFileSync(join(folder, `${name}.yaml`), text)
  for (const name of ['policies', ...names.map((each) => `${each}-policies`)]) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'few.cedar'), POLICIES)
  }
  const stateOf = (tenant: string): string =>
    tenant === 'home' ? join(folder, '.remit') : join(folder, '.remit', 'tenants', tenant)
  for (const name of ['home', ...names]) lendPolicies(stateOf(name))
  const codes = (tenant: string): string => `${tenant}-mona:${codeOf(`${tenant}-mona`)}`
  const environ = {
    PATH: process.env['PATH'],
    ...options.environ,
    REMIT_APPROVER: codes('home'),
    ...Object.fromEntries(names.map((name) => [`REMIT_TENANT_${name.toUpperCase()}__APPROVER`, codes(name)])),
  }
  const log: LogLine[] = []
  const gateway = await composeGateway({
    loaded: loadConfig({ environ: {}, cwd: folder }),
    environ,
    log: { log: (level, event, fields = {}) => void log.push({ level, event, fields }) },
    demo: false,
  })
  keepPolicies(stateOf('home'))
  return {
    folder,
    gateway,
    log,
    urls: (tenant) =>
      tenant === 'home'
        ? gateway.urls
        : (gateway.tenants().find(({ name }) => name === tenant)?.urls ?? gateway.urls),
    code: (tenant) => codeOf(`${tenant}-mona`),
    stateOf,
    stop: () => gateway.stop(),
    async remove() {
      await gateway.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
