import { join } from 'node:path'
import { RemitError } from '../core/errors.ts'
import type { LoadedConfig } from './load-config.ts'
import { pathText } from './describe-config-issue.ts'
import { readPrivateFile } from './private-file.ts'

/** `secret:name`, or a scheme before it as in `Bearer secret:name`. */
const REFERENCE = /^([A-Za-z][A-Za-z-]* )?secret:(.*)$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** `env` and `headers` of one server with every secret in its place. Never logged, shown or recorded. */
export interface ResolvedServer {
  readonly env: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Replaces the `secret:` references of every server by `<state>/secrets/<name>` (mode 0600) or, where there is
 * no such file, by `REMIT_SECRET_<NAME>`.
 * @throws RemitError `config_invalid` that names every missing secret, and none of those that are there.
 */
export function resolveSecrets(
  loaded: Pick<LoadedConfig, 'config' | 'source'>,
  secretsFolder: string,
  environ: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, ResolvedServer>> {
  const problems: string[] = []
  const resolveAll = (server: string, field: 'env' | 'headers'): Record<string, string> => {
    const values: Record<string, string> = {}
    for (const [key, text] of Object.entries(loaded.config.servers[server]?.[field] ?? {})) {
      try {
        values[key] = resolveText(text, secretsFolder, environ)
      } catch (error) {
        if (!(error instanceof RemitError)) throw error
        const path = ['servers', server, field, key]
        problems.push(`${loaded.source.position(path)}: \`${pathText(path)}\` ${error.message}`)
      }
    }
    return values
  }
  const resolved: Record<string, ResolvedServer> = {}
  for (const server of Object.keys(loaded.config.servers)) {
    resolved[server] = { env: resolveAll(server, 'env'), headers: resolveAll(server, 'headers') }
  }
  if (problems.length > 0) throw new RemitError('config_invalid', problems.join('\n'))
  return resolved
}

function resolveText(
  text: string,
  folder: string,
  environ: Readonly<Record<string, string | undefined>>,
): string {
  const reference = REFERENCE.exec(text)
  if (reference === null) return text
  const [, scheme = '', name = ''] = reference
  if (!NAME.test(name)) {
    throw new RemitError('config_invalid', `names a secret that cannot exist: \`${name}\``)
  }
  const variable = `REMIT_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
  const stored = readPrivateFile(join(folder, name), 'config_invalid')?.toString('utf8')
  const value = (stored ?? environ[variable] ?? '').replace(/\r?\n$/, '')
  if (value !== '') return scheme + value
  throw new RemitError(
    'config_invalid',
    `needs the secret \`${name}\`: put it into \`${join(folder, name)}\` (mode 600) or \`${variable}\``,
  )
}
