import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LoadedConfig } from '../load-config.ts'
import { stateOf } from '../state-of.ts'
import { loadTenant } from './load-tenant.ts'
import { neighboursIn } from './neighbours.ts'
import { routeTenant } from './route-tenant.ts'
import { loadInstallation, loadSelected } from './select-tenant.ts'
import { PLAIN_KEY_FILES } from '../custody/key-files.ts'
import { tenantCheckpointKeys } from './tenant-keys.ts'
import { tenantEnviron } from './tenant-environ.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-load-tenant-'))
  write('remit.yaml', 'tenant: home\ntenants: { acme: { config: acme.yaml } }\n')
  write('acme.yaml', 'policies: [mine]\nhumans: [{ id: mona, roles: [maintainer] }]\n')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
}

function load(
  where: { readonly tenant?: string; readonly environ?: Record<string, string> } = {},
): LoadedConfig {
  return loadSelected({ environ: {}, cwd: folder, ...where })
}

function refusal(work: () => unknown): string {
  try {
    work()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

test('R-POL-11: `--tenant` outranks REMIT_TENANT, without either it is the installation’s own; an unknown one is refused', () => {
  const named = (where: Parameters<typeof load>[0]): string => load(where).config.tenant
  expect(named({})).toBe('home')
  expect(named({ tenant: 'acme' })).toBe('acme')
  expect(named({ environ: { REMIT_TENANT: 'acme' } })).toBe('acme')
  expect(named({ tenant: 'home', environ: { REMIT_TENANT: 'acme' } })).toBe('home')
  expect(refusal(() => load({ tenant: 'other' }))).toBe('there is no tenant `other`; there are home, acme')
  // Where there is one tenant, the variable names it, as it does for `remit start`.
  write('remit.yaml', '')
  expect(named({ environ: { REMIT_TENANT: 'other' } })).toBe('other')
})

test('R-POL-11: a tenant has its own folder in the state folder; ledger and copies of checkpoints are the installation’s', () => {
  const [own, acme] = [stateOf(load()), stateOf(load({ tenant: 'acme' }))]
  expect(acme.keys).toBe(join(own.root, 'tenants', 'acme', 'keys'))
  expect(acme.secrets).toBe(join(own.root, 'tenants', 'acme', 'secrets'))
  expect([acme.ledger, acme.checkpoints]).toEqual([own.ledger, own.checkpoints])
})

test('R-POL-11: what belongs to the process is refused in a tenant’s file, with its place', () => {
  write('acme.yaml', 'humans: []\nstate: /elsewhere\nlisten: { agent: "0.0.0.0:1" }\n')
  const said = refusal(() => load({ tenant: 'acme' }))
  expect(said).toContain('acme.yaml:3:1: `listen` belongs into the installation’s file')
  expect(said).toContain('acme.yaml:2:1: `state` belongs into the installation’s file')
})

test.each([
  ['tenants: { default: { config: a.yaml } }', 'is the tenant of this file itself'],
  ['tenants: { Acme: { config: a.yaml } }', 'lower-case letters and digits'],
  ['tenants: { a--b: { config: a.yaml } }', 'with single `-`'],
  [
    'tenants: { a: { config: a.yaml, publicUrl: "http://a.localhost" }, b: { config: b.yaml, publicUrl: "http://a.localhost:81" } }',
    'has the host of `tenants.a.publicUrl`',
  ],
  ['tenants: { a: { config: a.yaml, adminUrl: "http://a.example" } }', 'must be https'],
  ['tenants: { a: { config: a.yaml, adminUrl: "https://a.example" } }', 'nothing here ends TLS'],
])('R-POL-11: `%s` is refused', (text, why) => {
  write('remit.yaml', `${text}\n`)
  expect(refusal(() => load())).toContain(why)
})

test('R-POL-11: of Remit’s variables a tenant sees only what is named for it', () => {
  const environ = {
    PATH: '/bin',
    REMIT_APPROVER: 'mona:of-the-installation',
    REMIT_SECRET_FORGE: 'of-the-installation',
    REMIT_TENANT_ACME__SECRET_FORGE: 'of-acme',
    REMIT_TENANT_ACME_EU__SECRET_FORGE: 'of-acme-eu',
    REMIT_TENANT_ACME__STATE: '/elsewhere',
  }
  expect(tenantEnviron(environ, 'acme')).toEqual({ PATH: '/bin', REMIT_SECRET_FORGE: 'of-acme' })
  expect(tenantEnviron(environ, 'acme-eu')).toEqual({ PATH: '/bin', REMIT_SECRET_FORGE: 'of-acme-eu' })
  expect(tenantEnviron(environ, 'beta')).toEqual({ PATH: '/bin' })
})

test('R-POL-11, R-AUD-2: a tenant that is not configured any more keeps the key of its ledger', () => {
  const keyOf = (loaded: LoadedConfig): unknown =>
    tenantCheckpointKeys(stateOf(loaded), loaded, PLAIN_KEY_FILES)
      .get('acme')
      ?.export({ type: 'pkcs8', format: 'pem' })
  const before = keyOf(load())
  write('remit.yaml', 'tenant: home\n')
  expect(before).toBeDefined()
  expect(keyOf(load())).toBe(before)
})

test('R-POL-11, R-SEC-1: state, files and policies of all tenants are out of reach for the agents of each', () => {
  const installation = loadInstallation({ environ: {}, cwd: folder })
  expect(loadTenant(installation, 'acme').config.tenant).toBe('acme')
  const { folders, files } = neighboursIn(installation)
  expect(folders).toEqual([join(folder, '.remit'), join(folder, 'mine')])
  expect(files).toEqual([join(folder, 'remit.yaml'), join(folder, 'acme.yaml')])
})

test.each([
  ['/t/acme/mcp?x=1', { tenant: 'acme', target: '/mcp?x=1' }],
  [
    '/.well-known/oauth-protected-resource/t/acme/mcp/files',
    { tenant: 'acme', target: '/.well-known/oauth-protected-resource/mcp/files' },
  ],
  [
    '/.well-known/oauth-authorization-server/t/acme',
    { tenant: 'acme', target: '/.well-known/oauth-authorization-server' },
  ],
  ['/t/acme/t/beta/mcp', { tenant: 'acme', target: '/t/beta/mcp' }],
  ['/t/acme', undefined],
  ['/t//mcp', undefined],
  ['/t/../mcp', undefined],
  ['/t/ACME/mcp', undefined],
  ['/t/ac%6de/mcp', undefined],
  ['//t/acme/mcp', undefined],
  ['/mcp/t/acme', undefined],
])('R-POL-11: `%s` is for %j', (url, target) => {
  expect(routeTenant(url)).toEqual(target)
})
