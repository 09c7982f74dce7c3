import { posix } from 'node:path'
import { applySpec } from '../apply-spec.ts'
import { literalArgument, type Argument } from '../argument.ts'
import type { CommandSite, ProgramReader } from '../command-site.ts'
import { readOptions } from '../read-options.ts'
import type { ProgramSpec } from '../spec.ts'

const MAX_NAMES = 200

/** A program that writes its sources to its last argument, or into it when that is a folder. */
export function copyInto(spec: ProgramSpec): ProgramReader {
  return (site) => {
    const clear = applySpec(spec, site)
    const { positional, values, given } = readOptions(spec, site.args)
    const into = values.find(({ role }) => role === 'write')?.argument
    const target = into ?? positional.at(-1)
    const sources = into === undefined ? positional.slice(0, -1) : positional
    if (target === undefined || target.kind !== 'literal') return clear
    // The whole path of a source then comes to lie below the target.
    if (given.has('parents')) return false
    const merges = given.has('T') || given.has('no-target-directory')
    return sources.map((source) => takePlace(source, target, { site, merges })).every(Boolean) && clear
  }
}

/** Names the places that a source takes at the target, since a copy of a pipeline beside pipelines is one. */
function takePlace(
  source: Argument,
  target: Argument,
  how: { readonly site: CommandSite; readonly merges: boolean },
): boolean {
  const { site, merges } = how
  const { findings, cwd } = site
  if (source.kind === 'dynamic') return false
  const names = source.kind === 'glob' ? findings.expand(source, cwd) : [source.text]
  if (names === undefined) return false
  return names.every((name) => {
    const last = posix.basename(name)
    if (last === '..' || last === '' || (last === '.' && source.kind === 'glob')) return false
    if (merges || last === '.') return mergeInto(name, target, site)
    // To BSD a slash at the end means what is in the folder.
    if (name.endsWith('/') && !mergeInto(name, target, site)) return false
    if (isFolder(target.text, site)) placeAt(`${trimmed(target)}/${last}`, target, site)
    return true
  })
}

/** The contents of a folder become contents of another one. */
export function mergeInto(folder: string, target: Argument, site: CommandSite): boolean {
  const { fs, root, workspace } = site.findings.context
  const base = root ?? workspace
  if (fs?.list === undefined || base === undefined || site.cwd === undefined || folder.startsWith('~'))
    return false
  const path = posix.resolve(base, site.cwd, folder)
  const items = fs.list(path, MAX_NAMES)
  if (items === undefined) return fs.entry(path)?.kind === 'file'
  if (items.length > MAX_NAMES) return false
  for (const { name } of items) placeAt(`${trimmed(target)}/${name}`, target, site)
  return true
}

function placeAt(path: string, { span }: Argument, { findings, cwd }: CommandSite): void {
  findings.path(literalArgument(path, span), ['file.write'], { cwd })
}

function trimmed({ text }: Argument): string {
  return text.replace(/\/+$/, '')
}

function isFolder(text: string, { cwd, findings }: CommandSite): boolean {
  const { fs, root, workspace, home } = findings.context
  if (/(^|\/)\.{0,2}$/.test(text)) return true
  const base = root ?? workspace
  if (fs === undefined || base === undefined || cwd === undefined) return true
  const place = text.startsWith('~/') ? home + text.slice(1) : text
  try {
    return fs.entry(fs.realpath(posix.resolve(base, cwd, place)))?.kind === 'directory'
  } catch {
    return false
  }
}
