import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { RemitError } from '../../core/errors.ts'
import type { Access } from './granted-paths.ts'
import { isWithin } from './system-paths.ts'

/** What a confined server must not have, wherever a grant would show it. Absolute paths. */
export interface Withheld {
  /** Remit's state, configuration and policies: invisible. A grant that lies in one of them is an error. */
  readonly control: readonly string[]
  /** Remit's program: readable and never writable. */
  readonly program: readonly string[]
  /** Where people keep credentials: invisible unless a grant names it or something in it. */
  readonly credentials: readonly string[]
}

/** What is shown at a path: what lies there, or another folder in its place. */
export interface Shown {
  readonly access: Access
  readonly from?: string
}
export type ShownPaths = ReadonlyMap<string, Shown>

export interface Withholding {
  /** Folders that must be mounts of their own, so that none can be renamed and another put in its place. */
  readonly held: readonly string[]
  /** In this order, over everything else. */
  readonly readOnly: readonly string[]
  readonly hidden: readonly { readonly path: string; readonly folder: boolean }[]
}

/** What is laid over the shown paths. @throws RemitError `upstream_unavailable` for a grant of something of Remit's own. */
export function withholdFrom(shown: ShownPaths, withheld: Withheld): Withholding {
  refuseGrantOfControl(shown, withheld.control)
  const named = [...shown].map(([path, { from }]) => realOf(from ?? path) ?? path)
  const credentials = withheld.credentials.filter((path) => {
    const real = realOf(path)
    return real !== undefined && !named.some((grant) => isWithin(grant, real))
  })
  const hidden = placesOf([...withheld.control, ...credentials], shown)
  const readOnly = placesOf(withheld.program, shown).filter(
    (path) => shown.get(nearest(path, shown) ?? '')?.access === 'write',
  )
  const outermost = hidden.filter((path) => !hidden.some((other) => other !== path && isWithin(path, other)))
  return {
    held: [...new Set([...outermost, ...readOnly].flatMap((path) => foldersOnTheWay(path, shown)))],
    readOnly,
    hidden: outermost.map((path) => ({ path, folder: statSync(path).isDirectory() })),
  }
}

/** Where these would be seen: links lead to them under other names than their own. */
function placesOf(paths: readonly string[], shown: ShownPaths): readonly string[] {
  const places = new Set<string>()
  for (const each of paths) {
    const real = realOf(each)
    if (real === undefined) continue
    for (const [path, { from }] of shown) {
      const source = realOf(from ?? path)
      if (source === undefined || !isWithin(real, source)) continue
      const place = join(path, relative(source, real))
      if (nearest(place, shown) === path) places.add(place)
    }
  }
  return [...places].toSorted()
}

function foldersOnTheWay(path: string, shown: ShownPaths): readonly string[] {
  const folders: string[] = []
  for (let each = dirname(path); each !== '/'; each = dirname(each)) {
    if (shown.has(each)) continue
    const around = shown.get(nearest(each, shown) ?? '')
    if (around?.access === 'write' && around.from === undefined) folders.push(each)
  }
  return folders
}

/** The innermost shown path that holds this one. */
function nearest(path: string, shown: ShownPaths): string | undefined {
  for (let each = path; ; each = dirname(each)) {
    if (shown.has(each)) return each
    if (each === '/') return undefined
  }
}

function refuseGrantOfControl(shown: ShownPaths, control: readonly string[]): void {
  for (const path of control) {
    const real = realOf(path)
    for (const [grant, { from }] of shown) {
      if (real === undefined || from !== undefined || !isWithin(realOf(grant) ?? grant, real)) continue
      throw new RemitError(
        'upstream_unavailable',
        `the server’s configuration grants it \`${grant}\`, which is Remit’s own (\`${path}\`); no server may see that`,
      )
    }
  }
}

function realOf(path: string): string | undefined {
  return existsSync(path) ? realpathSync(path) : undefined
}
