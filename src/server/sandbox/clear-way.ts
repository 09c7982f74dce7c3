import { lstatSync, unlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isWithin } from './system-paths.ts'

/** A server that planted a link in its home must not lead a mount of its next start astray: the link is removed. */
export function clearWay(home: { readonly path: string; readonly from: string }, mount: string): void {
  if (!isWithin(mount, home.path)) return
  let each = home.from
  for (const part of relative(home.path, mount).split('/')) {
    each = join(each, part)
    if (lstatSync(each, { throwIfNoEntry: false })?.isSymbolicLink() === true) unlinkSync(each)
  }
}
