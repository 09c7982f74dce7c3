import { posix } from 'node:path'
import type { Label } from '../../core/labels.ts'
import type { Resource } from '../../core/resource.ts'
import { extractDirectory, unreadable } from '../extract-paths.ts'
import type { ExtractionContext } from '../extract.ts'
import { resolvePath } from '../resolve-path.ts'
import type { LocalRepository } from './repositories.ts'

export interface RepositoryPlace {
  readonly resource: Resource
  readonly labels: readonly Label[]
  readonly opaque: boolean
  /** What its files say of it; `undefined` = there is no repository, or none that can be read from here. */
  readonly local: LocalRepository | undefined
}

/** The repository of the folder that a command runs in, relative to the call's; `undefined` = nobody knows which. */
export function repositoryAt(
  cwd: string | undefined,
  context: Omit<ExtractionContext, 'actions'>,
): RepositoryPlace {
  const here = { ...context, actions: ['file.list'] as const }
  const [place] = cwd === undefined ? unreadable(here) : extractDirectory(cwd, here)
  const id = place?.resource.id ?? '?'
  const opaque = place?.opaque ?? true
  const labels = (place?.labels ?? []).filter(
    (label) => label === 'outside-workspace' || label === 'remit-control',
  )
  const found = opaque ? undefined : localAt(id, context)
  const local = found === 'unsure' ? undefined : found
  // A folder inside the workspace belongs to the workspace's repository, as far as is known here.
  const inside = !posix.isAbsolute(id) && !id.startsWith('?')
  const name = local === undefined ? (inside ? '.' : id) : local.certain ? local.id : '?'
  return {
    resource: { type: 'Repository', id: name, ancestors: [] },
    labels,
    opaque: opaque || found === 'unsure',
    local,
  }
}

function localAt(
  id: string,
  { repositories, workspace, fs }: Omit<ExtractionContext, 'actions'>,
): LocalRepository | 'unsure' | undefined {
  if (repositories === undefined || fs === undefined) return undefined
  if (posix.isAbsolute(id)) return repositories.at(id, 'programs')
  if (workspace === undefined) return undefined
  return repositories.at(posix.join(resolvePath(fs, posix.normalize(workspace)).real, id), 'programs')
}
