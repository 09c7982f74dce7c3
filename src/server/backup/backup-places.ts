import { lstatSync, readdirSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { LoadedConfig } from '../load-config.ts'
import type { StateFolder } from '../state-folder.ts'
import { tenantFile } from '../tenants/load-tenant.ts'

/** A file on the disk and how the backup names it: `/` between folders, on every system. */
export interface PlacedFile {
  readonly path: string
  readonly from: string
  /** Bytes that belong to the backup: what a file grew by since is not in it. */
  readonly size: number
}

/** In the state folder of an installation, or of each of its tenants. */
const PLAIN = ['policy-archive']
const PRIVATE = ['keys', 'secrets', 'approvers.json']
/** Of the installation alone. */
const CHECKPOINTS = 'checkpoints'

export interface ConfigFiles {
  readonly files: readonly PlacedFile[]
  /** Named by the configuration, but outside of its folder, or a link: these are not in a backup. */
  readonly left: readonly string[]
}

/** The configuration, its tenants’ and the policies that they name. */
export function configFiles(loaded: LoadedConfig, tenants: readonly LoadedConfig[]): ConfigFiles {
  const named = new Set<string>()
  for (const each of [loaded, ...tenants]) {
    if (each.file !== undefined) named.add(each.file)
    for (const name of each.config.policies) if (name !== 'default') named.add(resolve(each.folder, name))
  }
  for (const tenant of Object.keys(loaded.config.tenants)) named.add(tenantFile(loaded, tenant))
  const all = [...named].map((from) => ({ from, inside: pathWithin(loaded.folder, from) }))
  return {
    files: all.flatMap(({ from, inside }) => (inside === undefined ? [] : filesBelow(from, inside))),
    left: all.flatMap(({ from, inside }) => (inside === undefined ? [from] : [])),
  }
}

/** What may be read by whoever may read the ledger. */
export function plainStateFiles(state: StateFolder): readonly PlacedFile[] {
  return [CHECKPOINTS, ...ofEach(state, PLAIN)].flatMap((path) => filesBelow(join(state.root, path), path))
}

/** Keys, secrets in files, hashes of approver codes. */
export function privateStateFiles(state: StateFolder): readonly PlacedFile[] {
  return ofEach(state, PRIVATE).flatMap((path) => filesBelow(join(state.root, path), path))
}

/** Whether a backup may put a file there: names come from a file that somebody may have changed. */
export function isStatePath(path: string, kind: 'plain' | 'private'): boolean {
  if (!isInnerPath(path)) return false
  const [first = '', , ...rest] = path.split('/')
  const within = first === 'tenants' ? (rest[0] ?? '') : first
  if (kind === 'private') return PRIVATE.includes(within)
  return PLAIN.includes(within) || first === CHECKPOINTS
}

/** A path below the folder that it is meant for, whatever the system. */
export function isInnerPath(path: string): boolean {
  if (/[\\\0:]/.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

function ofEach(state: StateFolder, names: readonly string[]): readonly string[] {
  const tenants = namesIn(state.tenants).map((tenant) => `tenants/${tenant}`)
  return [...names, ...tenants.flatMap((tenant) => names.map((name) => `${tenant}/${name}`))]
}

function pathWithin(folder: string, path: string): string | undefined {
  const inside = relative(folder, path)
  if (inside === '' || isAbsolute(inside)) return undefined
  const named = inside.split(sep).join('/')
  return isInnerPath(named) ? named : undefined
}

function filesBelow(from: string, path: string): readonly PlacedFile[] {
  const stat = lstatSync(from, { throwIfNoEntry: false })
  if (stat?.isFile()) return [{ from, path, size: stat.size }]
  if (stat?.isDirectory() !== true) return []
  return namesIn(from).flatMap((name) => filesBelow(join(from, name), `${path}/${name}`))
}

function namesIn(folder: string): readonly string[] {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  return stat?.isDirectory() === true ? readdirSync(folder).toSorted() : []
}
