import { join } from 'node:path'
import { RemitError } from '../core/errors.ts'
import type { SecretVault } from '../credentials/secret-vault.ts'
import type { CredentialEntry } from '../gate/choose-credential.ts'
import type { Environ, LoadedConfig } from './load-config.ts'
import { pathText } from './describe-config-issue.ts'
import { readPrivateFile } from './private-file.ts'

/** `secret:name`, or a scheme before it as in `Bearer secret:name`. */
const REFERENCE = /^([A-Za-z][A-Za-z-]* )?secret:(.*)$/
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

export function isSecretName(name: string): boolean {
  return NAME.test(name)
}

type Texts = Readonly<Record<string, string>>

/** What one server is given, with every secret in its place. Never logged, shown or recorded. */
export interface ResolvedServer {
  readonly env: Texts
  readonly headers: Texts
  readonly credentials?: readonly CredentialEntry[]
  /** Of the OAuth client. */
  readonly clientSecret?: string
  /** Why the server cannot be used: a secret of it is nowhere, or cannot be opened. */
  readonly unusable?: string
}

/** Where secrets are looked for, in this order. */
export interface SecretPlaces {
  readonly vault: Pick<SecretVault, 'value'>
  /** Holds one file a secret, mode 0600. */
  readonly folder: string
  /** `REMIT_SECRET_<NAME>` */
  readonly environ: Environ
}

/**
 * Replaces the `secret:` references of every server by their values.
 * @throws RemitError `config_invalid` that names every secret which is missing or cannot be had.
 */
export function resolveSecrets(
  loaded: Pick<LoadedConfig, 'config' | 'source'>,
  places: SecretPlaces,
): Readonly<Record<string, ResolvedServer>> {
  const resolved = resolveWhatIsThere(loaded, places)
  const problems = Object.values(resolved).flatMap(({ unusable }) => unusable ?? [])
  if (problems.length > 0) throw new RemitError('config_invalid', problems.join('\n'))
  return resolved
}

/** The same for a gateway that must not end for one secret: a server that lacks one is `unusable`, and says why. */
export function resolveWhatIsThere(
  loaded: Pick<LoadedConfig, 'config' | 'source'>,
  places: SecretPlaces,
): Readonly<Record<string, ResolvedServer>> {
  return Object.fromEntries(
    Object.entries(loaded.config.servers).map(([key, server]) => {
      const problems: string[] = []
      const texts = (given: Texts | undefined, ...path: string[]): Texts =>
        Object.fromEntries(
          Object.entries(given ?? {}).flatMap(([name, text]) => {
            try {
              return [[name, resolveText(text, places)]]
            } catch (error) {
              if (!(error instanceof RemitError)) throw error
              const place = ['servers', key, ...path, name]
              problems.push(`${loaded.source.position(place)}: \`${pathText(place)}\` ${error.message}`)
              return []
            }
          }),
        )
      const credentials = server.credentials?.map(({ when, headers }, at) => ({
        ...(when.effect === undefined ? {} : { effect: when.effect }),
        ...(when.environment === undefined ? {} : { environments: when.environment }),
        headers: texts(headers, 'credentials', String(at), 'headers'),
      }))
      const secret = server.oauth?.clientSecret
      const { clientSecret } = texts(secret === undefined ? {} : { clientSecret: secret }, 'oauth')
      const resolved: ResolvedServer = {
        env: texts(server.env, 'env'),
        headers: texts(server.headers, 'headers'),
        ...(credentials === undefined ? {} : { credentials }),
        ...(clientSecret === undefined ? {} : { clientSecret }),
      }
      return [key, problems.length === 0 ? resolved : { ...resolved, unusable: problems.join('\n') }]
    }),
  )
}

/** The name that a text refers to. */
export function referenceOf(text: string): string | undefined {
  return REFERENCE.exec(text)?.[2]
}

/** @throws RemitError `config_invalid`. */
export function resolveText(text: string, { vault, folder, environ }: SecretPlaces): string {
  const reference = REFERENCE.exec(text)
  if (reference === null) return text
  const [, scheme = '', name = ''] = reference
  if (!NAME.test(name)) {
    throw new RemitError('config_invalid', `names a secret that cannot exist: \`${name}\``)
  }
  const variable = `REMIT_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
  const file = (): string | undefined =>
    readPrivateFile(join(folder, name), 'config_invalid')?.toString('utf8')
  const value = (vault.value(name) ?? file() ?? environ[variable] ?? '').replace(/\r?\n$/, '')
  if (value !== '') return scheme + value
  throw new RemitError(
    'config_invalid',
    `needs the secret \`${name}\`: run \`remit secrets set ${name}\`, or put it into \`${join(folder, name)}\` (mode 600) or \`${variable}\``,
  )
}
