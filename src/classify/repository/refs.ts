import type { FileSystem } from '../file-system.ts'
import type { GitPlace } from './working-copy.ts'

/** The branch that is checked out; `undefined` = none is, or it cannot be told. */
export function currentBranch(fs: FileSystem | undefined, { gitDir }: GitPlace): string | undefined {
  try {
    return /^ref: refs\/heads\/(\S+)\s*$/.exec(fs?.read?.(`${gitDir}/HEAD`) ?? '')?.[1]
  } catch {
    return undefined
  }
}

/** @param name full, such as `refs/heads/main`. */
export function hasRef(fs: FileSystem | undefined, { commonDir }: GitPlace, name: string): boolean {
  return readRef(fs, commonDir, name) !== undefined
}

/** The object that a ref names, or the ref that it stands for. `undefined` = there is none that can be read. */
export function readRef(fs: FileSystem | undefined, folder: string, name: string): string | undefined {
  if (!/^refs\/[^\0-\x20~^:?*[\\]+$/.test(name) || name.split('/').some((part) => /^\.|^$/.test(part)))
    return undefined
  try {
    const loose = fs?.entry(`${folder}/${name}`)?.kind === 'file' ? fs.read?.(`${folder}/${name}`) : undefined
    if (loose !== undefined) return loose.trim()
    for (const [object, ref] of packedRefs(fs, folder)) if (ref === name) return object
  } catch {
    // A ref that cannot be read names nothing that is known here.
  }
  return undefined
}

/** Refs that lie together in one file, with the object of each. */
export function packedRefs(
  fs: FileSystem | undefined,
  folder: string,
): readonly (readonly [object: string, ref: string])[] {
  const text = fs?.read?.(`${folder}/packed-refs`) ?? ''
  return text.split('\n').flatMap((line) => {
    const found = /^([0-9a-f]{40,64}) (refs\/\S+)$/.exec(line)
    return found === null ? [] : [[found[1] ?? '', found[2] ?? ''] as const]
  })
}
