import { posix } from 'node:path'
import type { ExtractionContext } from '../extract.ts'
import type { Argument } from './argument.ts'
import type { Findings, Span } from './findings.ts'

export interface NewFolder {
  /** Relative to the folder that the call starts from; `undefined` = nobody knows. */
  readonly cwd: string | undefined
  /** The folder is there. Else it holds only as long as the commands after it run only if this one succeeds. */
  readonly certain: boolean
}

/** Where `cd` leads. */
export function changeFolder(
  args: readonly Argument[],
  cwd: string | undefined,
  findings: Findings,
  span: Span,
): NewFolder {
  const [target, ...more] = args.filter(({ text, kind }) => kind !== 'literal' || !/^(--|-P|-L)$/.test(text))
  if (target === undefined) return { cwd: '~', certain: true }
  if (more.length > 0 || target.kind !== 'literal' || target.text.startsWith('-')) {
    findings.opaque('cd', span)
    return { cwd: undefined, certain: true }
  }
  findings.path(target, ['file.list'], { cwd, directory: true })
  const { text } = target
  if (!/^[/~]/.test(text) && cwd === undefined) return { cwd: undefined, certain: true }
  const next = /^[/~]/.test(text) || cwd === '.' ? text : `${cwd ?? ''}/${text}`
  return { cwd: next, certain: isFolder(next, findings.context) }
}

function isFolder(
  folder: string,
  { fs, root, workspace, home }: Pick<ExtractionContext, 'fs' | 'root' | 'workspace' | 'home'>,
): boolean {
  const base = root ?? workspace
  if (fs === undefined || base === undefined) return false
  const path = folder.startsWith('~/') ? home + folder.slice(1) : folder
  try {
    return fs.entry(fs.realpath(posix.resolve(base, path)))?.kind === 'directory'
  } catch {
    return false
  }
}
