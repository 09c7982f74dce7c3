import type { FileSystem } from '../file-system.ts'
import { readRef } from '../repository/refs.ts'
import type { LocalRepository } from '../repository/repositories.ts'
import type { NamedCommit } from './referents.ts'

const MAX_WORDS = 60
const OBJECT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/** The commits that words mean in a repository, and the one that is checked out. */
export function namedCommits(
  { gitDir, commonDir, root }: LocalRepository,
  words: readonly string[],
  fs: FileSystem,
): readonly NamedCommit[] {
  const found = new Map<string, NamedCommit>()
  const add = (ref: string, commit: string | undefined): void => {
    found.set(ref, { name: `${ref} of ${root}`, commit })
  }
  add('HEAD', headOf(gitDir, commonDir, fs))
  for (const word of words.slice(0, MAX_WORDS).flatMap(revisionsIn)) {
    for (const ref of [
      word,
      `refs/${word}`,
      `refs/tags/${word}`,
      `refs/heads/${word}`,
      `refs/remotes/${word}`,
    ]) {
      const commit = commitOf(ref, commonDir, fs)
      if (commit !== undefined) add(ref, commit)
    }
  }
  return [...found.values()]
}

/** With the branch, since to be on another one at the same commit is something else. */
function headOf(gitDir: string, commonDir: string, fs: FileSystem): string | undefined {
  try {
    const text = fs.read?.(`${gitDir}/HEAD`)?.trim()
    if (text === undefined) return undefined
    if (OBJECT.test(text)) return text
    const ref = /^ref: (refs\/\S+)$/.exec(text)?.[1]
    if (ref === undefined) return undefined
    // A branch without a commit yet is one too; refs that are kept in tables cannot be read here.
    const tables = fs.entry(`${commonDir}/reftable`) !== undefined
    return tables ? undefined : `${ref} ${commitOf(ref, commonDir, fs) ?? 'without a commit'}`
  } catch {
    return undefined
  }
}

function commitOf(ref: string, commonDir: string, fs: FileSystem): string | undefined {
  const text = readRef(fs, commonDir, ref)
  if (text === undefined || OBJECT.test(text)) return text
  const next = /^ref: (refs\/\S+)$/.exec(text)?.[1]
  const object = next === undefined ? undefined : readRef(fs, commonDir, next)
  return object !== undefined && OBJECT.test(object) ? object : undefined
}

/** `a..b`, `a:b`, `a~2`, `a^{tree}`: the names in them. */
function revisionsIn(word: string): readonly string[] {
  if (word.length > 400 || word.startsWith('-')) return []
  return word
    .split(/\.{2,3}|:/)
    .map((part) => part.replace(/^[+^]/, '').replace(/[~^@].*$/s, ''))
    .filter((part) => part !== '' && part !== 'HEAD')
}
