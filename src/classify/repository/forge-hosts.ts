/** Hosts whose repositories are known as `owner/name`, without their host. */
export type ForgeHosts = ReadonlySet<string>

export const USUAL_FORGES: ForgeHosts = new Set(['github.com', 'gitlab.com'])

/** Other names of a forge’s host: its API, its SSH behind the port of HTTPS. */
const ALIASES: Readonly<Record<string, string>> = {
  'www.github.com': 'github.com',
  'ssh.github.com': 'github.com',
  'api.github.com': 'github.com',
  'uploads.github.com': 'github.com',
  'www.gitlab.com': 'gitlab.com',
  'altssh.gitlab.com': 'gitlab.com',
}

export function forgeHost(host: string): string {
  const name = host.toLowerCase()
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name
}

const COMPONENT = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/

/**
 * The id of a repository on a host: `owner/name` in lower case on a forge, which folds case itself, `host/path`
 * elsewhere. `undefined` = the path is none that every reader takes alike.
 * @param host canonical, with its port unless that is the usual one.
 */
export function repositoryId(host: string, path: string, forges: ForgeHosts): string | undefined {
  const plain = path
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
  const parts = plain.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return undefined
  const name = forgeHost(host)
  if (!forges.has(name)) {
    return /[\s?#\\%\p{Cc}\p{Cf}]/u.test(plain) ? undefined : `${name}/${plain}`
  }
  if (parts.length < 2 || !parts.every((part) => COMPONENT.test(part))) return undefined
  return plain.toLowerCase()
}
