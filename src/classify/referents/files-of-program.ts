import { posix } from 'node:path'
import type { FileSystem } from '../file-system.ts'
import { manifestsOf, runsFiles } from './manifests.ts'
import type { StartedProgram } from './started-program.ts'

export interface FoundFile {
  /** Absolute. */
  readonly path: string
  readonly runs: boolean
  /** It says what the program does without being named. */
  readonly steers: boolean
}

/** Folders above the one that a program runs in, in which it looks for its files. */
const MAX_ABOVE = 12

interface Surroundings {
  readonly fs: FileSystem
  readonly workspace: string | undefined
  readonly home: string
}

/** Every file that a command line names for a program, or that the program looks for by itself. */
export function filesOfProgram(
  { words, cwd, root }: StartedProgram,
  { fs, workspace, home }: Surroundings,
): readonly FoundFile[] {
  const [first, ...rest] = words
  if (first === undefined || first.kind !== 'literal') return []
  const base = root ?? workspace
  const folder = base === undefined || cwd === undefined ? undefined : placeOf(cwd, base, home)
  const program = /^\/(?:usr\/(?:local\/)?)?s?bin\//.test(first.text)
    ? posix.basename(first.text)
    : first.text
  const at = (text: string): string | undefined => placeOf(text, folder, home)
  const found: FoundFile[] = []
  if (program.includes('/')) {
    const path = at(program)
    if (path !== undefined) found.push({ path, runs: true, steers: false })
  }
  let script = runsFiles(program)
  const folders = folder === undefined ? [] : [folder]
  for (const { text, kind } of rest) {
    if (kind !== 'literal') continue
    for (const name of namesIn(text)) {
      const path = at(name)
      if (path === undefined) continue
      const there = kindOf(fs, path)
      if (there === 'folder') folders.push(path)
      // What a shell or an interpreter is to run counts also when it is not there yet.
      const runs = script && !text.startsWith('-') && (there === 'file' || /[./]/.test(name))
      if (there === 'file' || runs) found.push({ path, runs, steers: false })
      if (runs) script = false
    }
  }
  const wanted = manifestsOf(program)
  const manifests = folders.flatMap((each) => nearest(wanted, each, { fs, top: workspace }))
  return [...found, ...manifests.map((path) => ({ path, runs: false, steers: true }))]
}

/** `x`, `--file=x`, `@x`, `-fx`. */
function namesIn(text: string): readonly string[] {
  if (text === '' || text.length > 4_096 || text.includes('\0')) return []
  const value = /^-{1,2}[\w-]+=(.+)$/s.exec(text)?.[1]
  const attached = /^-[A-Za-z]([\w./~].*)$/s.exec(text)?.[1]
  return [text, value, attached]
    .filter((name) => name !== undefined)
    .flatMap((name) => (/^[@<]./s.test(name) ? [name, name.slice(1)] : [name]))
}

function placeOf(text: string, folder: string | undefined, home: string): string | undefined {
  if (text.startsWith('/')) return posix.normalize(text)
  if (text === '~' || text.startsWith('~/')) return posix.join(home, text.slice(1))
  return folder === undefined ? undefined : posix.join(folder, text)
}

function kindOf(fs: FileSystem, path: string): 'file' | 'folder' | undefined {
  try {
    const kind = fs.entry(fs.realpath(path))?.kind
    return kind === 'file' ? 'file' : kind === 'directory' ? 'folder' : undefined
  } catch {
    return undefined
  }
}

/** Those of a folder, and of each above it until one has any; the workspace is the last. */
function nearest(
  names: readonly string[],
  folder: string,
  { fs, top }: { readonly fs: FileSystem; readonly top: string | undefined },
): readonly string[] {
  const paths: string[] = []
  if (names.length === 0) return paths
  for (let at = folder, above = 0; above < MAX_ABOVE; at = posix.dirname(at), above += 1) {
    const here = names.map((name) => posix.join(at, name))
    paths.push(...here)
    if (at === '/' || at === top || here.some((path) => kindOf(fs, path) === 'file')) break
  }
  return paths
}
