import { posix } from 'node:path'
import type { ExtractionContext } from '../extract.ts'
import type { LookBudget } from './look-below.ts'

const MAX_MATCHES = 100
const MAX_FOLDERS = 40

type Place = Pick<ExtractionContext, 'fs' | 'workspace' | 'root' | 'home'>

/**
 * The names that a shell would put in place of a pattern: `*`, `?` and `[…]` in any component (`globstar` and
 * `dotglob` are off). `undefined` = nobody can tell: another machine, too many matches, a `..` behind a star.
 */
export function expandGlob(pattern: string, budget: LookBudget, place: Place): readonly string[] | undefined {
  const { fs } = place
  const base = place.root ?? place.workspace
  if (fs?.list === undefined || pattern.includes('\\') || pattern.length > 1_024) return undefined
  const components = pattern.split('/')
  const first = components.findIndex(isPattern)
  if (components.slice(first + 1).some((component) => component === '..')) return undefined
  let found: string[] = [components.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.')]
  let folders = 0
  for (const component of components.slice(first)) {
    if (component === '') continue
    const matcher = isPattern(component) ? compile(component) : undefined
    if (matcher === null) return undefined
    const next: string[] = []
    for (const folder of found) {
      if (matcher === undefined) {
        next.push(posix.join(folder, component))
        continue
      }
      if (budget.entries < 0) return undefined
      folders += 1
      const at = toAbsolute(folder, base, place.home)
      if (folders > MAX_FOLDERS || at === undefined) return undefined
      const items = fs.list(at, budget.entries)
      if (items === undefined) continue
      budget.entries -= items.length + 1
      if (budget.entries < 0) return undefined
      for (const { name } of items) {
        if (name.startsWith('.') && !component.startsWith('.')) continue
        if (matcher.test(name)) next.push(posix.join(folder, name))
      }
      if (next.length > MAX_MATCHES) return undefined
    }
    found = next
  }
  return found
}

function isPattern(component: string): boolean {
  return /[*?[]/.test(component)
}

/** `null` for a bracket expression that is no plain list of characters. */
function compile(component: string): RegExp | null {
  let source = ''
  for (let at = 0; at < component.length; at += 1) {
    const char = component[at] ?? ''
    if (char === '*') source = source.endsWith('.*') ? source : `${source}.*`
    else if (char === '?') source += '.'
    else if (char === '[') {
      const list = /^\[(!|\^)?([A-Za-z0-9_.,-]+)\]/.exec(component.slice(at))
      if (list === null) return null
      source += `[${list[1] === undefined ? '' : '^'}${list[2]?.replaceAll('.', '\\.') ?? ''}]`
      at += list[0].length - 1
    } else source += char.replace(/[.+^${}()|\\\]]/g, '\\$&')
  }
  // Many stars in one name backtrack; nobody writes them.
  if (component.split('*').length > 6) return null
  try {
    // Case-insensitively, as some file systems and shells match.
    return new RegExp(`^${source}$`, 'is')
  } catch {
    return null
  }
}

function toAbsolute(folder: string, base: string | undefined, home: string): string | undefined {
  if (folder === '~' || folder.startsWith('~/')) return home + folder.slice(1)
  if (folder.startsWith('/')) return folder
  return folder.startsWith('~') || base === undefined ? undefined : posix.join(base, folder)
}
