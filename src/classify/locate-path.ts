/**
 * Where a path argument leads, and what is known about it.
 *
 * Time of check and time of use: links are resolved once, here, and what was resolved is what is labelled, decided,
 * shown and recorded. The server resolves again when it acts. Whoever can swap a link between the two (a process of
 * the same user, outside this call) can reach another file; only a sandbox ends that. So a path through a link says
 * `symlink`, one with several names or several readings is not called understood, and nothing is kept between calls.
 */
import { posix } from 'node:path'
import type { Label } from '../core/labels.ts'
import type { ControlMatcher } from './control-paths.ts'
import type { FileSystem } from './file-system.ts'
import { labelPath } from './labels/label-path.ts'
import { labelPlace } from './labels/machine.ts'
import { readPathText } from './path-text.ts'
import { resolvePath, resolvePhysically } from './resolve-path.ts'

export interface LocatedPath {
  /** Relative to the workspace inside it (`.` = the workspace itself), absolute outside. */
  readonly id: string
  /** Absolute, every link followed; `undefined` = not known. */
  readonly real: string | undefined
  readonly inside: boolean
  readonly exists: boolean
  readonly directory: boolean
  readonly symlink: boolean
  /** Not understood with certainty: another program could read it otherwise. */
  readonly opaque: boolean
  readonly labels: readonly Label[]
}

export interface PathContext {
  /** `undefined` = paths are known by their text only. */
  readonly fs: FileSystem | undefined
  /** Absolute path of the workspace. */
  readonly workspace: string | undefined
  /** Folder that relative paths start from; default the workspace. */
  readonly root: string | undefined
  readonly home: string
  readonly control: ControlMatcher
  /** The operation changes the path itself, with all below it when it is a folder. */
  readonly changes: boolean
}

interface Place {
  /** The path as text, made absolute and normalised. */
  readonly lexical: string
  readonly real: string
  readonly exists: boolean
  readonly kind: 'file' | 'directory' | 'other'
  readonly certain: boolean
}

/** Magic links of processes: they lead elsewhere for every process that follows them. */
const PROCESS = /^\/+(proc\/+(self|thread-self|\d+)|dev\/+(fd|stdin|stdout|stderr|tty))(\/|$)/i

export function locatePath(text: string, context: PathContext): LocatedPath {
  const read = readPathText(text, context.home)
  const base = context.root ?? context.workspace
  const relativePath = !read.path.startsWith('/')
  // The folder that it starts from may be an argument too.
  const start =
    relativePath && context.root !== undefined ? readPathText(context.root, context.home) : undefined
  // Whose home it is on another machine, nobody here knows.
  const foreignHome = context.fs === undefined && text.startsWith('~')
  const unplaceable = read.unplaceable || start?.unplaceable === true
  if (unplaceable || foreignHome || (base === undefined && relativePath)) return unplaced(read.path, context)
  const absolute = relativePath ? `${base ?? ''}/${read.path}` : read.path
  const place = find(absolute, context)
  const workspace =
    context.workspace === undefined ? undefined : workspaceOf(context.workspace, place, context.fs)
  const relative = workspace === undefined ? undefined : relativeTo(workspace.real, place.real)
  const inside = relative !== undefined
  const expected = workspace === undefined ? undefined : relativeTo(workspace.lexical, place.lexical)
  const straight = expected === undefined ? place.lexical : posix.join(workspace?.real ?? '', expected)
  const symlink = context.fs !== undefined && straight !== place.real
  const id = relative ?? place.real
  const named = labelNames(
    [id, relativeTo(workspace?.lexical, place.lexical) ?? place.lexical],
    context.changes,
  )
  const labels = new Set<Label>(named.labels)
  if (isControl(place, context)) labels.add('remit-control')
  if (!inside) for (const label of labelPlace(place.real, context.home)) labels.add(label)
  if (inside && [...labels].every((label) => label === 'generated')) labels.add('source')
  if (!inside) labels.add('outside-workspace')
  if (symlink) labels.add('symlink')
  if (context.fs === undefined) labels.add('unresolved')
  return {
    id,
    real: context.fs === undefined ? undefined : place.real,
    inside,
    exists: place.exists,
    directory: place.kind === 'directory',
    symlink,
    opaque: read.tricky || start?.tricky === true || named.disguised || !place.certain,
    labels: [...labels],
  }
}

function find(absolute: string, { fs }: PathContext): Place {
  const normal = posix.normalize(absolute)
  const lexical = normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
  if (fs === undefined) {
    return { lexical, real: lexical, exists: false, kind: 'file', certain: !PROCESS.test(absolute) }
  }
  const resolved = resolvePath(fs, lexical)
  const climbs = /(^|\/)\.\.(\/|$)/.test(absolute)
  const agreed = !climbs || resolvePhysically(fs, absolute).real === resolved.real
  const entry = resolved.exists && resolved.certain ? entryOf(fs, resolved.real) : undefined
  const magic = PROCESS.test(absolute) || PROCESS.test(lexical) || PROCESS.test(resolved.real)
  // A second name of the same file may lie anywhere; package stores alone link all that they install.
  const shared = entry?.kind === 'file' && entry.names > 1 && !resolved.real.includes('/node_modules/.pnpm/')
  const kind = entry?.kind === 'directory' || entry?.kind === 'file' ? entry.kind : entry ? 'other' : 'file'
  return {
    lexical,
    real: resolved.real,
    exists: resolved.exists,
    kind,
    certain: resolved.certain && agreed && !magic && !shared && kind !== 'other',
  }
}

function entryOf(fs: FileSystem, path: string): ReturnType<FileSystem['entry']> {
  try {
    return fs.entry(path)
  } catch {
    return undefined
  }
}

function workspaceOf(
  workspace: string,
  place: Place,
  fs: FileSystem | undefined,
): { readonly lexical: string; readonly real: string } {
  const lexical = posix.normalize(workspace).replace(/(?<=.)\/$/, '')
  // A path that leads where it says passes through no link, and neither does a folder on it.
  const straight =
    place.certain && place.real === place.lexical && relativeTo(lexical, place.lexical) !== undefined
  return { lexical, real: fs === undefined || straight ? lexical : resolvePath(fs, lexical).real }
}

/** The part of a path below a folder; `.` for the folder itself, `undefined` when it lies elsewhere. */
function relativeTo(folder: string | undefined, path: string): string | undefined {
  if (folder === undefined) return undefined
  if (path === folder) return '.'
  const prefix = folder === '/' ? '/' : `${folder}/`
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined
}

/** Both names count: where a link lies, and what it leads to. */
function labelNames(
  paths: readonly string[],
  below: boolean,
): { readonly labels: ReadonlySet<Label>; readonly disguised: boolean } {
  const found = [...new Set(paths)].map((path) => labelPath(path, below))
  return {
    labels: new Set(found.flatMap(({ labels }) => [...labels])),
    disguised: found.some(({ disguised }) => disguised),
  }
}

function isControl({ lexical, real }: Place, { control, changes }: PathContext): boolean {
  if (control.covers(real) || control.covers(lexical)) return true
  return changes && (control.isAbove(real) || control.isAbove(lexical))
}

/** Known by its name only, and taken for a place outside. */
function unplaced(path: string, { control, changes }: PathContext): LocatedPath {
  const { labels } = labelPath(path, changes)
  const found: Label[] = [...labels, 'outside-workspace', 'unresolved']
  if (control.covers(path)) found.push('remit-control')
  return {
    id: path.startsWith('/') ? path : `?/${path}`,
    real: undefined,
    inside: false,
    exists: false,
    directory: false,
    symlink: false,
    opaque: true,
    labels: found,
  }
}
