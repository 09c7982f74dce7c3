import { findNodeAtLocation } from 'jsonc-parser'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { KeyPath, ServersPart } from '../agents/agent-configuration.ts'
import { placeInToml, readTomlText } from '../import/read-toml-text.ts'
import type { AgentFile } from './agent-files.ts'
import { parseJsonDocument } from './json-document.ts'
import { placeAt } from './place-at.ts'

/** A server that an agent reaches past the gateway. */
export interface ServerPastGateway {
  readonly name: string
  /** `file:line:column` */
  readonly place: string
  readonly file: AgentFile
  readonly at: KeyPath
  readonly agents: readonly string[]
  /** In the words that most agents use. */
  readonly entry: Json
  /** Where the agent would run it; absent = wherever the agent itself runs. */
  readonly folder?: string
}

/** What a file holds. @throws RemitError `config_invalid`, with line and column. */
export function valueOf(file: AgentFile): JsonObject {
  if (file.text === undefined || file.format === 'script') return {}
  return file.format === 'toml'
    ? readTomlText(file.path, file.text)
    : parseJsonDocument(file.path, file.text.replace(/^\uFEFF/, '')).value
}

/** What stands among the servers of a file. */
export interface ServersOfFile {
  readonly past: readonly ServerPastGateway[]
  /** Entries that start `remit connect`, by whatever name. */
  readonly gateways: readonly KeyPath[]
}

/** @throws RemitError as `valueOf`. */
export function findServers(file: AgentFile, project: string): ServersOfFile {
  const root = valueOf(file)
  const found = new Map<string, ServerPastGateway>()
  const gateways = new Map<string, KeyPath>()
  for (const { agent, part } of file.uses) {
    if (part.kind !== 'servers') continue
    for (const { at, folder } of placesOf(part, root)) {
      for (const [name, raw] of Object.entries(objectAt(root, at))) {
        const entry = part.inCommonWords?.(raw) ?? raw
        const path = [...at, name]
        const id = path.join('\0')
        if (isGateway(entry)) {
          gateways.set(id, path)
          continue
        }
        const known = found.get(id)
        const where = folder ?? (file.level === 'project' ? project : undefined)
        found.set(id, {
          name,
          file,
          at: path,
          entry,
          place: placeOf(file, path),
          agents: [...(known?.agents ?? []), agent],
          ...(where === undefined ? {} : { folder: where }),
        })
      }
    }
  }
  return { past: [...found.values()], gateways: [...gateways.values()] }
}

/** Whether an entry starts a `remit connect`, of this installation or another. */
export function isGateway(entry: Json): boolean {
  if (!isJsonObject(entry)) return false
  const words = [entry['command'], entry['args']].flat().filter((word) => typeof word === 'string')
  const at = words.indexOf('connect')
  return (
    at > 0 &&
    words.slice(0, at).some((word) => /(?:^|[\\/])remit(?:\.cmd|\.js|-gateway(?:@.*)?)?$/.test(word))
  )
}

export function objectAt(root: JsonObject, at: KeyPath): JsonObject {
  const found = at.reduce<Json>(
    (value, key) => (isJsonObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null),
    root,
  )
  return isJsonObject(found) ? found : {}
}

interface Place {
  readonly at: KeyPath
  readonly folder?: string
}

function placesOf({ at, perFolder }: ServersPart, root: JsonObject): readonly Place[] {
  if (perFolder === undefined) return [{ at }]
  const folders = Object.keys(objectAt(root, perFolder))
  return [{ at }, ...folders.map((folder) => ({ at: [...perFolder, folder, ...at], folder }))]
}

function placeOf({ path, text = '', format }: AgentFile, at: KeyPath): string {
  if (format === 'toml') return `${path}:${placeInToml(text, at) ?? '1:1'}`
  const { text: read, root } = parseJsonDocument(path, text.replace(/^\uFEFF/, ''))
  const node = findNodeAtLocation(root, [...at])
  return `${path}:${placeAt(read, node?.parent?.offset ?? 0)}`
}
