import { basename, dirname, resolve } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json } from '../../core/json.ts'
import type { Config } from '../config-schema.ts'
import { type LoadedConfig, parseConfig, readConfigFile } from '../load-config.ts'
import { readYaml } from '../yaml-source.ts'

/** What belongs to the process, and therefore to the installation's file alone. */
const INSTALLATION_KEYS = [
  'listen',
  'publicUrl',
  'adminUrl',
  'tls',
  'trustedProxies',
  'state',
  'store',
  'keys',
  'tenant',
  'tenants',
  'limits',
  'metrics',
  'log',
  'shutdown',
] as const satisfies readonly (keyof Config)[]

/**
 * The configuration of one tenant, from its own file.
 * @param installation the configuration that names it.
 * @throws RemitError `config_invalid`.
 */
export function loadTenant(installation: LoadedConfig, name: string): LoadedConfig {
  const file = tenantFile(installation, name)
  return parseTenant({ installation, name, file }, readConfigFile(file, true) ?? '')
}

/** Absolute path of its file. @throws RemitError `config_invalid` where no tenant has the name. */
export function tenantFile({ config, folder }: LoadedConfig, name: string): string {
  const entry = Object.hasOwn(config.tenants, name) ? config.tenants[name] : undefined
  if (entry !== undefined) return resolve(folder, entry.config)
  const known = [config.tenant, ...Object.keys(config.tenants)].join(', ')
  throw new RemitError('config_invalid', `there is no tenant \`${name}\`; there are ${known}`)
}

export interface TenantPlace {
  readonly installation: LoadedConfig
  readonly name: string
  readonly file: string
}

/** @throws RemitError `config_invalid`. */
export function parseTenant({ installation, name, file }: TenantPlace, text: string): LoadedConfig {
  refuseInstallationKeys(basename(file), text)
  // The environment is the installation's, too.
  const { config, source } = parseConfig(basename(file), text, {})
  const { publicUrl, adminUrl } = installation.config.tenants[name] ?? {}
  const { listen, tls, trustedProxies, state, store, keys, limits, metrics, log, shutdown } =
    installation.config
  const shared = { listen, tls, trustedProxies, state, store, keys, limits, metrics, log, shutdown }
  return {
    config: { ...config, ...shared, tenant: name, tenants: {}, publicUrl, adminUrl },
    source,
    folder: dirname(file),
    file,
    installation,
  }
}

/** As an editor left it: one that is empty is being written. @throws RemitError `config_invalid`. */
export function rereadTenant(before: LoadedConfig): LoadedConfig {
  const { installation, file, config } = before
  if (installation === undefined || file === undefined) throw new RangeError('no configuration of a tenant')
  const text = readConfigFile(file, true) ?? ''
  if (text.trim() === '') throw new RemitError('config_invalid', `${basename(file)}:1:1: the file is empty`)
  return parseTenant({ installation, name: config.tenant, file }, text)
}

function refuseInstallationKeys(name: string, text: string): void {
  const source = readYaml(name, text)
  const value = source.value as Json
  const given = isJsonObject(value) ? INSTALLATION_KEYS.filter((key) => Object.hasOwn(value, key)) : []
  if (given.length === 0) return
  const lines = given.map(
    (key) =>
      `${source.position([key], { key: true })}: \`${key}\` belongs into the installation’s file, not into a tenant’s`,
  )
  throw new RemitError('config_invalid', lines.join('\n'))
}
