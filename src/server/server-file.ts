import { basename, dirname, resolve } from 'node:path'
import { lineDiff } from '../approvals/line-diff.ts'
import type { ServerKey } from '../core/ids.ts'
import { SILENT } from '../core/log.ts'
import type { UpstreamConfig } from '../mcp/upstream.ts'
import { upstreamConfig } from './describe-upstreams.ts'
import { type ConfigLocation, type Environ, type LoadedConfig, parseConfig } from './load-config.ts'
import { createLaunchers } from './sandbox/create-launchers.ts'
import { resolveWhatIsThere } from './secrets.ts'
import { makeStateFolder } from './state-folder.ts'
import { stateOf } from './state-of.ts'
import { parseTenant, tenantFile } from './tenants/load-tenant.ts'
import { loadInstallation, namedTenant } from './tenants/select-tenant.ts'
import { tenantEnviron } from './tenants/tenant-environ.ts'
import { readIfThere, writeConfig } from './write-config.ts'

/** The configuration file that a command changes. */
export interface ServerFile {
  readonly file: string
  readonly name: string
  /** Empty when there is none yet. */
  readonly text: string
  /** A unified diff to this text, by lines. */
  difference(after: string): readonly string[]
  /**
   * What the file would be with this text, with every secret at hand.
   * @throws RemitError `config_invalid`, with its place.
   */
  check(after: string): CheckedFile
}

export interface CheckedFile {
  readonly loaded: LoadedConfig
  /** How a server would be reached. */
  upstream(key: string): UpstreamConfig
  /** @throws RemitError `config_invalid` when the file changed meanwhile, or cannot be written. */
  write(): void
}

/** @throws RemitError `config_invalid` when it is there and cannot be read. */
export function openServerFile(where: ConfigLocation): ServerFile {
  const { file, environ, parse } = placeOf(where)
  const [name, folder, before] = [basename(file), dirname(file), readIfThere(file)]
  return {
    file,
    name,
    text: before ?? '',
    difference: (after) => lineDiff(before ?? '', after),
    check(after) {
      const loaded = parse(after)
      const state = stateOf(loaded)
      // The encrypted store is the running gateway's: what is only there is missed when a server is tried from here.
      const vault = { value: () => undefined }
      const resolved = resolveWhatIsThere(loaded, { vault, folder: state.secrets, environ })
      return {
        loaded,
        upstream(key) {
          const server = loaded.config.servers[key]
          if (server === undefined) throw new RangeError(`no server ${key}`)
          const own = resolved[key] ?? { env: {}, headers: {} }
          const place = { resolved: own, folder }
          if (server.command === undefined) return upstreamConfig(key as ServerKey, server, place)
          // Made as a start makes it: the program has its folder there.
          const sources = { loaded, state: makeStateFolder(state), environ, demo: false, log: SILENT }
          const launcher = createLaunchers(sources)(key, server, own)
          return upstreamConfig(key as ServerKey, server, { ...place, launcher })
        },
        write: () => writeConfig(file, before, after),
      }
    },
  }
}

interface FilePlace {
  readonly file: string
  readonly environ: Environ
  /** @throws RemitError `config_invalid`. */
  readonly parse: (text: string) => LoadedConfig
}

/** The file of the tenant that is named, or of the installation. */
function placeOf(where: ConfigLocation): FilePlace {
  const { environ, cwd } = where
  const name = namedTenant(where)
  const installation = name === undefined ? undefined : loadInstallation(where)
  if (name !== undefined && installation !== undefined && name !== installation.config.tenant) {
    if (Object.keys(installation.config.tenants).length > 0) {
      const file = tenantFile(installation, name)
      const parse = (text: string): LoadedConfig => parseTenant({ installation, name, file }, text)
      return { file, environ: tenantEnviron(environ, name), parse }
    }
  }
  const file = resolve(cwd, where.file ?? environ['REMIT_CONFIG'] ?? 'remit.yaml')
  const parse = (text: string): LoadedConfig => ({
    ...parseConfig(basename(file), text, environ),
    folder: dirname(file),
    file,
  })
  return { file, environ, parse }
}
