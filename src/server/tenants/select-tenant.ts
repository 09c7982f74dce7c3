import { type ConfigLocation, type LoadedConfig, loadConfig } from '../load-config.ts'
import { loadTenant } from './load-tenant.ts'

/** The tenant that a command names; undefined = the installation's own. */
export function namedTenant({ tenant, environ }: ConfigLocation): string | undefined {
  const named = tenant ?? environ['REMIT_TENANT'] ?? ''
  return named === '' ? undefined : named
}

/**
 * The configuration that a command means: that of the tenant named by `--tenant` or `REMIT_TENANT`, else the
 * installation's own. Where there is only one tenant, the name is taken for its.
 * @throws RemitError `config_invalid`, also for a tenant that is not configured.
 */
export function loadSelected(location: ConfigLocation): LoadedConfig {
  const installation = loadInstallation(location)
  const named = namedTenant(location)
  if (named === undefined || named === installation.config.tenant) return installation
  if (Object.keys(installation.config.tenants).length > 0) return loadTenant(installation, named)
  return loadConfig({ ...location, environ: { ...location.environ, REMIT_TENANT: named } })
}

/** What the file itself says, whichever tenant is named. @throws RemitError `config_invalid`. */
export function loadInstallation(location: ConfigLocation): LoadedConfig {
  const { REMIT_TENANT: _, ...environ } = location.environ
  return loadConfig({ ...location, environ })
}
