import type { Label } from '../core/labels.ts'
import type { CommitRange, Operation } from '../core/operation.ts'
import type { Classification } from './classify.ts'
import { labelPath } from './labels/label-path.ts'

/** More than anybody would look through. */
const MAX_PATHS = 5_000

/** Looks into repositories. */
export interface ChangedPaths {
  /**
   * Paths that the commits change, relative to the top of the repository, each once. `undefined` = they could not be
   * had. Never rejects. Must not run what the repository says should be run.
   */
  pathsOf(range: CommitRange): Promise<readonly string[] | undefined>
}

/** What configuration adds for a path. */
type PathLabels = (path: string) => readonly Label[]

/** Gives every operation that waits for its commits the labels of what they change. */
export function labelCommits(
  found: Classification,
  changed: ChangedPaths | undefined,
  more: PathLabels = () => [],
): Classification | Promise<Classification> {
  if (!found.operations.some(({ commits }) => commits !== undefined)) return found
  return labelled(found, { changed, more })
}

async function labelled(
  found: Classification,
  { changed, more }: { readonly changed: ChangedPaths | undefined; readonly more: PathLabels },
): Promise<Classification> {
  const operations = await Promise.all(
    found.operations.map(async (operation): Promise<Operation> => {
      const { commits, ...rest } = operation
      if (commits === undefined) return operation
      const paths = await changed?.pathsOf(commits)
      // INVARIANT: an operation whose commits are not known stays as opaque as it came.
      if (paths === undefined || paths.length > MAX_PATHS) return rest
      const { labels, opaque } = labelRepositoryPaths(paths, more)
      return { ...rest, labels: [...new Set([...rest.labels, ...labels])], opaque }
    }),
  )
  return { ...found, operations }
}

/** Labels of files by their paths in a repository. */
export function labelRepositoryPaths(
  paths: readonly string[],
  more: PathLabels = () => [],
): {
  readonly labels: readonly Label[]
  readonly opaque: boolean
} {
  const labels = new Set<Label>()
  let opaque = false
  for (const path of paths) {
    if (isRepositoryPath(path)) {
      const found = labelPath(path.replace(/^\//, ''), false)
      for (const label of [...found.labels, ...more(path.replace(/^\//, ''))]) labels.add(label)
      opaque ||= found.disguised
    } else opaque = true
  }
  return { labels: [...labels], opaque }
}

function isRepositoryPath(path: string): boolean {
  if (path === '' || path.length > 4_096 || !path.isWellFormed() || /[\p{Cc}\p{Cf}\\]/u.test(path))
    return false
  return !path.split('/').some((part) => part === '..' || part === '.')
}
