import { readHost } from '../hosts.ts'
import { repositoryId, type ForgeHosts } from './forge-hosts.ts'

/** Where the URL of a remote leads. */
export type RemotePlace =
  | { readonly kind: 'host'; readonly host: string; readonly id: string }
  /** Another repository of this machine. */
  | { readonly kind: 'path'; readonly path: string }

const USUAL_PORTS: Readonly<Record<string, readonly number[]>> = {
  http: [80],
  https: [443],
  // 443 is what forges offer where 22 is closed.
  ssh: [22, 443],
  git: [9418],
  ftp: [21],
  ftps: [990],
}

/** git-push(1), "GIT URLS". `undefined` = a helper program, or nothing that every reader takes alike. */
export function readRemoteUrl(text: string, forges: ForgeHosts): RemotePlace | undefined {
  if (text === '' || text.startsWith('-') || /[\s\p{Cc}\p{Cf}]/u.test(text)) return undefined
  if (/^[A-Za-z0-9+-]+::/.test(text)) return undefined
  const url = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\]*)(\/[^?#\\]*)?$/i.exec(text)
  if (url !== null) return readUrl((url[1] ?? '').toLowerCase(), url[2] ?? '', { path: url[3] ?? '', forges })
  if (text.includes('://')) return undefined
  const scp = /^(?:[^@/:]+@)?(\[[^\]/]+\]|[^:/@[\]]+):(.+)$/.exec(text)
  if (scp !== null) return place(scp[1] ?? '', 0, { path: scp[2] ?? '', forges })
  return text.includes('@') && text.includes(':') ? undefined : { kind: 'path', path: text }
}

interface Rest {
  readonly path: string
  readonly forges: ForgeHosts
}

function readUrl(written: string, authority: string, { path, forges }: Rest): RemotePlace | undefined {
  const scheme = written.replace(/^git\+|\+git$/, '')
  const decoded = decode(path)
  if (decoded === undefined) return undefined
  if (scheme === 'file') {
    return authority === '' || authority === 'localhost' ? { kind: 'path', path: decoded } : undefined
  }
  const ports = USUAL_PORTS[scheme]
  if (ports === undefined) return undefined
  const bare = authority.slice(authority.lastIndexOf('@') + 1)
  const port = /:(\d{1,5})$/.exec(bare)?.[1]
  const usual = port === undefined || ports.includes(Number(port))
  return place(port === undefined ? bare : bare.slice(0, -port.length - 1), usual ? 0 : Number(port), {
    path: decoded,
    forges,
  })
}

function place(written: string, port: number, { path, forges }: Rest): RemotePlace | undefined {
  const host = readHost(written)?.resource.id
  if (host === undefined) return undefined
  const id = repositoryId(port === 0 ? host : `${host}:${port}`, path, forges)
  return id === undefined ? undefined : { kind: 'host', host, id }
}

function decode(path: string): string | undefined {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
