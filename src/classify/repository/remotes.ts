import type { ForgeHosts } from './forge-hosts.ts'
import type { GitConfig } from './git-config.ts'
import { readRemoteUrl, type RemotePlace } from './remote-url.ts'

/**
 * Where a fetch from a remote goes. `undefined` = it cannot be told.
 * @param remote absent = `origin`, or the only one there is; with neither, the repository has no place but its own.
 */
export function fetchPlace(
  config: GitConfig,
  remote: string | undefined,
  forges: ForgeHosts,
): RemotePlace | undefined {
  const name = remote ?? usualRemote(config)
  if (name === undefined) return { kind: 'path', path: '.' }
  const [url] = config.all('remote', name, 'url')
  return url === undefined ? undefined : readRemoteUrl(rewritten(config, url), forges)
}

/** Where a push to a remote goes. `undefined` = it cannot be told, or it is more than one place. */
export function pushPlace(config: GitConfig, remote: string, forges: ForgeHosts): RemotePlace | undefined {
  const named = config.all('remote', remote, 'pushurl').map((url) => rewritten(config, url))
  const urls = config.all('remote', remote, 'url').map((url) => pushed(config, url))
  const places = (named.length > 0 ? named : urls).map((url) => readRemoteUrl(url, forges))
  const [first] = places
  return places.every((place) => idOf(place) !== undefined && idOf(place) === idOf(first)) ? first : undefined
}

/** Where a URL on the command line leads. */
export function urlPlace(
  config: GitConfig | undefined,
  url: string,
  { push, forges }: { readonly push: boolean; readonly forges: ForgeHosts },
): RemotePlace | undefined {
  if (config === undefined) return readRemoteUrl(url, forges)
  return readRemoteUrl(push ? pushed(config, url) : rewritten(config, url), forges)
}

export function isRemote(config: GitConfig, name: string): boolean {
  return config.all('remote', name, 'url').length > 0 || config.all('remote', name, 'pushurl').length > 0
}

/** The remote that a push without a name goes to, git-config(1) `branch.<name>.pushRemote`. */
export function pushRemote(config: GitConfig, branch: string | undefined): string | undefined {
  return (
    (branch === undefined ? undefined : config.last('branch', branch, 'pushremote')) ??
    config.last('remote', undefined, 'pushdefault') ??
    fetchRemote(config, branch)
  )
}

/** The remote that a fetch without a name asks. */
export function fetchRemote(config: GitConfig, branch: string | undefined): string | undefined {
  return (branch === undefined ? undefined : config.last('branch', branch, 'remote')) ?? usualRemote(config)
}

export function remoteNames(config: GitConfig): readonly string[] {
  return config.subsections('remote').filter((name) => isRemote(config, name))
}

function usualRemote(config: GitConfig): string | undefined {
  const names = remoteNames(config)
  return names.includes('origin') ? 'origin' : names.length === 1 ? names[0] : undefined
}

function pushed(config: GitConfig, url: string): string {
  return replaced(config, url, 'pushinsteadof') ?? rewritten(config, url)
}

function rewritten(config: GitConfig, url: string): string {
  return replaced(config, url, 'insteadof') ?? url
}

/** The longest beginning that a setting replaces. */
function replaced(config: GitConfig, url: string, name: string): string | undefined {
  let best: { readonly base: string; readonly prefix: string } | undefined
  for (const base of config.subsections('url')) {
    for (const prefix of config.all('url', base, name)) {
      if (url.startsWith(prefix) && prefix.length > (best?.prefix.length ?? -1)) best = { base, prefix }
    }
  }
  return best && best.base + url.slice(best.prefix.length)
}

function idOf(place: RemotePlace | undefined): string | undefined {
  return place?.kind === 'host' ? place.id : place?.path
}
