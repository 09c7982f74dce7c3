import type { Resource } from '../../../../core/resource.ts'
import type { ForgePlace } from '../../../forge/forge-act.ts'
import type { ForgeKind } from '../../../forge/forge-request.ts'
import { forgeHost, repositoryId, USUAL_FORGES, type ForgeHosts } from '../../../repository/forge-hosts.ts'
import type { GitConfig } from '../../../repository/git-config.ts'
import { fetchPlace, remoteNames } from '../../../repository/remotes.ts'
import { readRemoteUrl } from '../../../repository/remote-url.ts'
import { repositoryAt } from '../../../repository/repository-at.ts'
import type { Argument } from '../../argument.ts'
import type { CommandSite } from '../../command-site.ts'
import { isReconfigured } from '../earlier.ts'

const HOSTS: Readonly<Record<ForgeKind, string>> = { github: 'github.com', gitlab: 'gitlab.com' }

export function forgesOf({ findings }: CommandSite): ForgeHosts {
  return findings.context.repositories?.forges ?? USUAL_FORGES
}

export function usualHost(kind: ForgeKind): string {
  return HOSTS[kind]
}

/** `owner/name`, `host/owner/name` or a URL, as `--repo` takes them. */
export function namedRepository(argument: Argument, kind: ForgeKind, site: CommandSite): ForgePlace {
  const { text } = argument
  const unknown = { host: HOSTS[kind], repository: undefined }
  if (argument.kind !== 'literal') return unknown
  if (/:\/\/|^[^/]+@/.test(text)) {
    const found = readRemoteUrl(text, forgesOf(site))
    return found?.kind === 'host'
      ? { host: forgeHost(found.host), repository: { type: 'Repository', id: found.id, ancestors: [] } }
      : unknown
  }
  const parts = text.split('/')
  // GitLab has groups in groups; a first part with a dot is a host for both.
  const hosted = parts.length > 2 && (kind === 'github' || (parts[0] ?? '').includes('.'))
  const host = hosted ? (parts[0] ?? '') : HOSTS[kind]
  const id =
    parts.length < 2 ? undefined : repositoryId(host, parts.slice(hosted ? 1 : 0).join('/'), forgesOf(site))
  return { host, repository: id === undefined ? undefined : { type: 'Repository', id, ancestors: [] } }
}

/** The repository that a forge’s command line takes for the folder’s own. */
export function workspaceRepository(kind: ForgeKind, site: CommandSite): ForgePlace {
  const { resource, local, opaque } = repositoryAt(site.cwd, site.findings.context)
  const here = { host: HOSTS[kind], repository: opaque ? undefined : resource }
  if (local === undefined) return here
  if (!local.certain || isReconfigured(site)) return { ...here, repository: undefined }
  const found = remoteOfForge(local.config, kind, forgesOf(site))
  return found ?? here
}

/** The remote that a setting of theirs names, else the first in their own order: `upstream`, the forge’s name, `origin`. */
function remoteOfForge(config: GitConfig, kind: ForgeKind, forges: ForgeHosts): ForgePlace | undefined {
  const order = ['upstream', kind, 'origin']
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const names = remoteNames(config).toSorted((a, b) => rank(a) - rank(b))
  const setting = kind === 'github' ? 'gh-resolved' : 'glab-resolved'
  for (const name of [
    ...names.filter((one) => config.last('remote', one, setting) !== undefined),
    ...names,
  ]) {
    const resolved = config.last('remote', name, setting)
    const place = fetchPlace(config, name, forges)
    if (place?.kind !== 'host') continue
    const host = forgeHost(place.host)
    const id =
      resolved === undefined || /^(base|head)$/.test(resolved)
        ? place.id
        : repositoryId(host, resolved, forges)
    return { host, repository: id === undefined ? undefined : repositoryNamed(id) }
  }
  return undefined
}

function repositoryNamed(id: string): Resource {
  return { type: 'Repository', id, ancestors: [] }
}
