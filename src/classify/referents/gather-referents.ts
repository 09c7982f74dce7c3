import { posix } from 'node:path'
import type { Operation } from '../../core/operation.ts'
import type { ExtractionContext } from '../extract.ts'
import type { FileSystem } from '../file-system.ts'
import { filesOfProgram, type FoundFile } from './files-of-program.ts'
import { namedCommits } from './named-commits.ts'
import type { NamedCommit, NamedFile, ReadCall, Referents } from './referents.ts'
import { whyLoose } from './why-loose.ts'

/** More than anybody would look through; what is beyond is said not to be held. */
const MAX_FILES = 120

type Surroundings = Omit<ExtractionContext, 'actions' | 'pointer'>

/** What a call stands for, by name. Never throws: what cannot be told is said to be loose. */
export function gatherReferents(read: ReadCall, context: Surroundings): Referents {
  const { fs } = context
  const loose = [...whyLoose(read)]
  if (fs === undefined) return { files: [], commits: [], loose }
  const folder = realOf(fs, context.root ?? context.workspace)
  const workspace = realOf(fs, context.workspace)
  const files = new Map<string, NamedFile>()
  for (const { path, runs, steers } of [
    ...filesOfOperations(read.operations, workspace),
    ...read.programs.flatMap((program) => filesOfProgram(program, { ...context, fs })),
  ]) {
    // A workspace that is reached through a link has two paths for one file.
    const name = nameOf(path, [workspace, context.workspace])
    const known = files.get(name)
    files.set(name, {
      name,
      path,
      runs: runs || known?.runs === true,
      steers: steers || known?.steers === true,
    })
  }
  if (files.size > MAX_FILES)
    loose.push(`${files.size - MAX_FILES} of the files that it names, which are too many`)
  return {
    ...(folder === undefined ? {} : { folder }),
    files: [...files.values()].slice(0, MAX_FILES),
    commits: commitsOf(read, { ...context, fs }),
    loose,
  }
}

/** Files that are changed, and those that a command line names; to be read alone makes no content matter. */
function filesOfOperations(
  operations: readonly Operation[],
  workspace: string | undefined,
): readonly FoundFile[] {
  return operations.flatMap(({ action, resource: { type, id }, origin }) => {
    if (type !== 'File' || id.startsWith('?')) return []
    const reads = action === 'file.read' || action === 'file.list'
    if (reads && origin.span === undefined) return []
    if (id.startsWith('/')) return [{ path: id, runs: false, steers: false }]
    return workspace === undefined ? [] : [{ path: posix.join(workspace, id), runs: false, steers: false }]
  })
}

function commitsOf(
  { call, operations, programs }: ReadCall,
  context: Surroundings & { readonly fs: FileSystem },
): readonly NamedCommit[] {
  const base = context.root ?? context.workspace
  const inGit = programs.filter(({ words }) => /^(?:.*\/)?(?:git|gh|glab)$/.test(words[0]?.text ?? ''))
  const places = inGit.map(({ words, cwd, root = base }) => ({
    folder: cwd === undefined || root === undefined ? undefined : posix.resolve(root, cwd),
    words: words.slice(1).map(({ text }) => text),
  }))
  if (programs.length === 0 && operations.some(({ action }) => /^(?:git|pr)\./.test(action))) {
    const words = Object.values(call.arguments).filter((value) => typeof value === 'string')
    places.push({ folder: base, words })
  }
  const found = places.flatMap(({ folder, words }) => {
    if (folder === undefined) return []
    const folders = [
      folder,
      ...words.filter((word) => /^[./~]/.test(word)).map((word) => posix.resolve(folder, word)),
    ]
    return folders.flatMap((each) => {
      const real = realOf(context.fs, each)
      const local = real === undefined ? undefined : context.repositories?.at(real, 'programs')
      return local === undefined || local === 'unsure' ? [] : namedCommits(local, words, context.fs)
    })
  })
  return [...new Map(found.map((each) => [each.name, each])).values()]
}

function realOf(fs: FileSystem, path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : fs.realpath(path)
  } catch {
    return undefined
  }
}

function nameOf(path: string, folders: readonly (string | undefined)[]): string {
  for (const folder of folders) {
    if (folder !== undefined && path.startsWith(`${folder}/`)) return path.slice(folder.length + 1)
  }
  return path
}
