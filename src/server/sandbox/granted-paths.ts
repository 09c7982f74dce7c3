import { existsSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RemitError } from '../../core/errors.ts'
import type { LaunchedServer } from './launched-server.ts'
import { isSystem, SHARED_FOLDERS } from './system-paths.ts'

export type Access = 'read' | 'write'
type Grants = ReadonlyMap<string, Access>

export interface GrantPlace {
  /** Of `remit.yaml`: what relative paths start from. */
  readonly folder: string
  readonly home: string
}

/**
 * What configuration lets a confined server see beside the system and itself: what `sandbox` names, its working
 * folder and roots, and whatever its arguments and environment name (folders to write, files to read).
 * @throws RemitError `upstream_unavailable` for a path in `sandbox` that is not there.
 */
export function grantedPaths(server: LaunchedServer, place: GrantPlace): Grants {
  const grants = new Map<string, Access>()
  const grant = (path: string, access: Access): void => {
    if (access === 'write' || !grants.has(path)) grants.set(path, access)
  }
  for (const named of namedPaths(server)) grant(named.path, named.access)
  const { roots = [], root, cwd } = server
  for (const folder of [root, cwd]) {
    if (folder !== undefined) grant(resolve(place.folder, folder), 'write')
  }
  for (const uri of roots === 'relay' ? [] : roots) grant(fileURLToPath(uri), 'write')
  for (const access of ['read', 'write'] as const) {
    for (const written of server.sandbox[access]) {
      const path = resolve(
        place.folder,
        written.replace(/^~(?=\/|$)/, () => place.home),
      )
      if (!existsSync(path)) {
        throw new RemitError(
          'upstream_unavailable',
          `\`sandbox.${access}\` names \`${written}\`, which is not there; make it or take it out`,
        )
      }
      grants.set(path, access)
    }
  }
  return new Map([...grants].filter(([path]) => existsSync(path)))
}

/** `/path`, `--flag=/path` and the like, as far as they are there and nobody else's. */
function* namedPaths(server: LaunchedServer): Iterable<{ readonly path: string; readonly access: Access }> {
  const words = [
    ...(server.args ?? []).map((arg) => arg.replace(/^-[^=]*=/, '')),
    ...Object.values(server.env ?? {}),
  ]
  for (const word of words) {
    if (!isAbsolute(word)) continue
    const path = join(word, '.')
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined || isSystem(path) || SHARED_FOLDERS.has(path)) continue
    yield { path, access: stat.isDirectory() ? 'write' : 'read' }
  }
}
