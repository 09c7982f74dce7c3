import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

const MARKS = ['.git', '.hg', '.jj', '.svn']

/** The repository that a folder lies in, itself included. @param folder absolute, links followed. */
export function repositoryAround(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (MARKS.some((name) => existsSync(join(at, name)))) return at
    if (dirname(at) === at) return undefined
  }
}

/** The top of the repository, else the folder itself. */
export function projectOf(cwd: string): string {
  const folder = realpathSync(cwd)
  return repositoryAround(folder) ?? folder
}
