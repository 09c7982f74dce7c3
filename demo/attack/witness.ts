import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Digests of all files in a folder, by their paths in it; git's own state and what is installed among them. */
export type Snapshot = ReadonlyMap<string, string>

/** Git writes it anew when it only looks. */
const RESTLESS = new Set(['.git/index'])

export function takeSnapshot(folder: string): Snapshot {
  const found = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (entry.isDirectory() || RESTLESS.has(name)) continue
    const content = entry.isSymbolicLink() ? readlinkSync(path) : readFileSync(path)
    const digest = createHash('sha256').update(content).digest('hex')
    found.set(name, `${lstatSync(path).mode} ${digest}`)
  }
  return found
}

/** Paths that are new, gone, or not what they were. */
export function changesBetween(before: Snapshot, after: Snapshot): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()])
  return [...paths].filter((path) => before.get(path) !== after.get(path)).toSorted()
}
