import { posix } from 'node:path'
import type { Operation } from '../core/operation.ts'
import type { Resource, ResourceType } from '../core/resource.ts'
import { fetchPlace, pushPlace, remoteNames } from './repository/remotes.ts'
import type { Repositories } from './repository/repositories.ts'
import { resolvePath } from './resolve-path.ts'

/** What a forge keeps in a repository; files of this machine say by themselves where they lie. */
const AT_FORGES: ReadonlySet<ResourceType> = new Set(['Repository', 'Branch', 'PullRequest'])

/**
 * Labels what is done in a repository of a forge that the workspace has nothing to do with: neither its own nor one of
 * its remotes. Where nobody knows what the workspace is, nothing is elsewhere.
 * @param seen the repositories of this machine, asked for only where an operation names one of a forge.
 */
export function markElsewhere(
  operations: readonly Operation[],
  seen: () => Repositories | undefined,
  workspace: string | undefined,
): readonly Operation[] {
  const named = operations.map(({ resource }) => forgeRepository(resource))
  if (named.every((id) => id === undefined)) return operations
  const repositories = seen()
  const own = repositories && ownRepositories(repositories, workspace)
  if (own === undefined) return operations
  return operations.map((operation, at) => {
    const id = named[at]
    if (id === undefined || own.has(id)) return operation
    return { ...operation, labels: [...operation.labels, 'other-repository'] }
  })
}

function forgeRepository(resource: Resource): string | undefined {
  if (!AT_FORGES.has(resource.type)) return undefined
  const { id } =
    [resource, ...resource.ancestors].find(({ type }) => type === 'Repository') ?? ({ id: '?' } as const)
  // What is not known is opaque, and what lies on this machine reaches nobody.
  return /^[?./]/.test(id) ? undefined : id
}

function ownRepositories(
  repositories: Repositories,
  workspace: string | undefined,
): ReadonlySet<string> | undefined {
  const { fs, forges } = repositories
  if (fs === undefined || workspace === undefined) return undefined
  const local = repositories.at(resolvePath(fs, posix.normalize(workspace)).real, 'files')
  if (local === undefined || local === 'unsure') return undefined
  const remotes = remoteNames(local.config).flatMap((name) => {
    const places = [fetchPlace(local.config, name, forges), pushPlace(local.config, name, forges)]
    return places.flatMap((place) => (place?.kind === 'host' ? [place.id] : []))
  })
  return remotes.length === 0 ? undefined : new Set([local.id, ...remotes])
}
