import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config-schema.ts'

type ServerPart = Pick<Config, 'servers' | 'virtualServers'>

/** What is different between two lists of servers, by key. */
export interface ServerChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Of each server that stays, the settings that differ. */
  readonly changed: Readonly<Record<string, readonly string[]>>
  /** Virtual servers that are new, gone or others. */
  readonly virtual: readonly string[]
}

export function compareServers(before: ServerPart, after: ServerPart): ServerChanges {
  const [old, fresh] = [before.servers, after.servers]
  const changed: Record<string, readonly string[]> = {}
  for (const key of keysOf(old).filter((each) => Object.hasOwn(fresh, each))) {
    const fields = differing(old[key] ?? {}, fresh[key] ?? {})
    if (fields.length > 0) changed[key] = fields
  }
  return {
    added: keysOf(fresh).filter((key) => !Object.hasOwn(old, key)),
    removed: keysOf(old).filter((key) => !Object.hasOwn(fresh, key)),
    changed,
    virtual: differing(before.virtualServers, after.virtualServers),
  }
}

/** Settings that are followed while the gateway runs. */
const FOLLOWED: ReadonlySet<string> = new Set([
  'servers',
  'virtualServers',
  'observe',
  'humans',
  'workflows',
  'workloads',
])

/** Keys at the top of the configuration that differ, and that only a start reads. */
export function needingRestart(before: Config, after: Config): readonly string[] {
  return differing(before, after).filter((key) => !FOLLOWED.has(key))
}

/** Settings of a server in which a change lets nobody do more. */
const HARMLESS: ReadonlySet<string> = new Set(['owner', 'purpose'])

/** Whether a change may let agents do more than before: all but servers that go, and words about them. */
export function mayLoosenServers(changes: ServerChanges, after: ServerPart): boolean {
  const { added, changed, virtual } = changes
  return (
    added.length > 0 ||
    virtual.some((key) => Object.hasOwn(after.virtualServers, key)) ||
    Object.entries(changed).some(([key, fields]) =>
      fields.some((field) => !HARMLESS.has(field) && !(field === 'trust' && isStrictest(after, key))),
    )
  )
}

function isStrictest({ servers }: ServerPart, key: string): boolean {
  return servers[key]?.trust === 'review'
}

function differing(before: object, after: object): readonly string[] {
  const [old, fresh] = [before as Record<string, unknown>, after as Record<string, unknown>]
  return [...new Set([...keysOf(old), ...keysOf(fresh)])]
    .filter((key) => !isDeepStrictEqual(ownValue(old, key), ownValue(fresh, key)))
    .toSorted()
}

function ownValue(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function keysOf(record: object): readonly string[] {
  return Object.keys(record).toSorted()
}
