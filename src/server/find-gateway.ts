import { resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { readGatewayFile } from './gateway-file.ts'
import { isLoopback } from './listen-address.ts'
import { type ConfigLocation, loadConfig, looseStateFolder } from './load-config.ts'
import { readLocalCredential } from './local-credential.ts'
import { type StateFolder, stateFolderAt } from './state-folder.ts'

export interface FoundGateway {
  /** Base URL of the admin plane. */
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
  const adminUrl = named ?? readGatewayFile(state.gateway)?.adminUrl
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
    const { config, folder } = loadConfig(where)
    return stateFolderAt(resolve(folder, config.state))
  } catch (thrown) {
    const root = looseStateFolder(where)
    const state = root === undefined ? undefined : stateFolderAt(root)
    if (state === undefined || readGatewayFile(state.gateway) === undefined) throw thrown
    return state
  }
}

/** Credentials cross no network in the clear. */
function checkUrl(text: string): string {
  if (URL.canParse(text)) {
    const url = new URL(text)
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(host))) return url.href
  }
  throw new RemitError('config_invalid', `the admin URL \`${text}\` must be https, or http on this machine`)
}
