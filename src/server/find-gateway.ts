import { existsSync } from 'node:fs'
import { RemitError } from '../core/errors.ts'
import { readGatewayFile } from './gateway-file.ts'
import { isLoopback } from './listen-address.ts'
import { type ConfigLocation, looseStateFolder } from './load-config.ts'
import { readLocalCredential } from './local-credential.ts'
import { type StateFolder, stateFolderAt } from './state-folder.ts'
import { stateOf, tenantState } from './state-of.ts'
import { tenantPath } from './tenants/route-tenant.ts'
import { loadInstallation, loadSelected, namedTenant } from './tenants/select-tenant.ts'

export interface FoundGateway {
  /** Base URL of the admin plane, without a slash at its end. */
  readonly adminUrl: string
  /** @throws RemitError `credential_missing` where no gateway has run yet, `key_unusable`. */
  localCredential(): string
}

/**
 * The gateway that a command means: `--admin-url`, else `REMIT_ADMIN_URL`, else the one that runs on the state
 * folder of this configuration.
 * @throws RemitError `config_invalid`, `gateway_unreachable`.
 */
export function findGateway(
  where: ConfigLocation & { readonly adminUrl?: string | undefined },
): FoundGateway {
  const state = findState(where)
  const named = where.adminUrl ?? where.environ['REMIT_ADMIN_URL']
  const adminUrl = named === undefined ? readGatewayFile(state.gateway)?.adminUrl : ofTenant(named, where)
  if (adminUrl === undefined) {
    throw new RemitError(
      'gateway_unreachable',
      `no gateway runs on \`${state.root}\`; start one with \`remit start\`, or name it with --admin-url`,
    )
  }
  return {
    adminUrl: checkUrl(adminUrl),
    localCredential: () => {
      const credential = readLocalCredential(state.localCredential)
      if (credential !== undefined) return credential
      throw new RemitError(
        'credential_missing',
        `there is no local credential in \`${state.root}\`; set REMIT_APPROVER, or run this where the gateway runs`,
      )
    },
  }
}

/**
 * The state folder that a configuration names, without making it. A file that is wrong elsewhere still names it: a
 * gateway that runs beside a bad file is asked what is wrong.
 * @throws RemitError `config_invalid`.
 */
export function findState(where: ConfigLocation): StateFolder {
  try {
    return stateOf(loadSelected(where))
  } catch (thrown) {
    const state = looseState(where)
    if (state === undefined || readGatewayFile(state.gateway) === undefined) throw thrown
    return state
  }
}

/** An admin plane is named without the tenant’s path or with it. Whoever names a tenant never gets to another one. */
function ofTenant(url: string, where: ConfigLocation): string {
  if (!URL.canParse(url) || new URL(url).pathname !== '/') return url
  const tenant = namedTenant(where)
  const loaded = tenant === undefined ? undefined : loadSelected(where)
  if (tenant === undefined || loaded === undefined) return url
  const { config, installation } = loaded
  if (installation === undefined)
    return where.tenant === undefined || isOwn(where, tenant) ? url : below(url, tenant)
  return config.adminUrl ?? below(url, tenant)
}

function isOwn(where: ConfigLocation, tenant: string): boolean {
  return loadInstallation(where).config.tenant === tenant
}

function below(url: string, tenant: string): string {
  return `${url.replace(/\/$/, '')}${tenantPath(tenant)}`
}

/** By files that are wrong somewhere; undefined = it cannot be told whose state is meant. */
function looseState(where: ConfigLocation): StateFolder | undefined {
  const root = looseStateFolder(where)
  const named = namedTenant(where)
  if (root === undefined) return undefined
  const installation = stateFolderAt(root)
  if (named === undefined) return installation
  const own = tenantState(installation, named)
  if (existsSync(own.root)) return own
  // Where there are tenants, a name that is none of theirs must not lead to the installation's own.
  return existsSync(installation.tenants) ? undefined : installation
}

/** Credentials cross no network in the clear. */
function checkUrl(text: string): string {
  if (URL.canParse(text)) {
    const url = new URL(text)
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(host)))
      return url.href.replace(/\/$/, '')
  }
  throw new RemitError('config_invalid', `the admin URL \`${text}\` must be https, or http on this machine`)
}
