import { isDeepStrictEqual } from 'node:util'
import { RemitError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import {
  GATEWAY_NAME,
  type ConfigurationPart,
  type HooksPart,
  type KeyPath,
} from '../agents/agent-configuration.ts'
import { asksGateway, type GatewayCommands } from '../agents/gateway-commands.ts'
import type { AgentFile, FileUse } from './agent-files.ts'
import { editJson, type JsonEdit } from './edit-json.ts'
import { editToml, type TomlEdit } from './edit-toml.ts'
import { objectAt, valueOf } from './find-servers.ts'

/** What a file is to be. */
export interface FileChange {
  readonly file: AgentFile
  readonly after: string
  readonly edits: readonly (JsonEdit | TomlEdit)[]
}

export interface FileWish {
  /** Entries that go: servers that moved, and gateways under other names. */
  readonly gone: readonly KeyPath[]
  /** Undefined = nothing is written here beside what goes. */
  readonly commandsOf: ((agent: string) => GatewayCommands) | undefined
}

/**
 * @returns undefined = it is as it is to be.
 * @throws RemitError `config_invalid` for a file that cannot be edited, or whose place is taken.
 */
export function planFile(file: AgentFile, { gone, commandsOf }: FileWish): FileChange | undefined {
  const uses = commandsOf === undefined ? [] : file.uses
  if (file.format === 'script') return planScript(file, uses, commandsOf)
  const root = valueOf(file)
  const edits: (JsonEdit | TomlEdit)[] = gone.map((at) => ({ change: 'remove', at }))
  for (const { agent, part } of uses) {
    const commands = commandsOf?.(agent)
    if (commands === undefined) continue
    // Two agents may share a file, and want the same of it.
    const others = wanted(root, part, commands).filter(
      (edit) => !edits.some((each) => isDeepStrictEqual(each, edit)),
    )
    edits.push(...others)
  }
  if (edits.length === 0) return undefined
  const before = file.text ?? ''
  const after =
    file.format === 'toml'
      ? editToml(file.path, before, edits as readonly TomlEdit[])
      : editJson(file.path, before, edits)
  // A file that is made here ends as files do.
  return { file, edits, after: file.text === undefined && !after.endsWith('\n') ? `${after}\n` : after }
}

function planScript(
  file: AgentFile,
  uses: readonly FileUse[],
  commandsOf: FileWish['commandsOf'],
): FileChange | undefined {
  for (const { agent, part } of uses) {
    const commands = commandsOf?.(agent)
    if (part.kind !== 'script' || commands === undefined) continue
    const after = part.text(commands)
    if (file.text === after) return undefined
    if (file.text !== undefined && !file.text.split('\n').some(asksGateway)) {
      throw new RemitError(
        'config_invalid',
        `\`${file.path}\` is a hook of your own, and there is one place for one; call \`${commands.hook}\` from it and end as it ends, or move it away`,
      )
    }
    return { file, after, edits: [] }
  }
  return undefined
}

function wanted(root: JsonObject, part: ConfigurationPart, commands: GatewayCommands): readonly JsonEdit[] {
  switch (part.kind) {
    case 'servers': {
      const entry = part.gateway?.(commands)
      if (entry === undefined) return []
      const there = objectAt(root, part.at)[GATEWAY_NAME]
      const at = [...part.at, GATEWAY_NAME]
      return isDeepStrictEqual(there, entry) ? [] : [{ change: 'set', at, value: entry }]
    }
    case 'hooks':
      return wantedHooks(root, part, commands)
    case 'item': {
      const item = part.item(commands)
      const list = listAt(root, part.at)
      const others = list.flatMap((each, index): readonly JsonEdit[] =>
        each !== item && typeof each === 'string' && part.at.at(-1) === 'plugin' && asksGateway(each)
          ? [{ change: 'set', at: [...part.at, index], value: item }]
          : [],
      )
      if (others.length > 0) return others
      return list.includes(item) ? [] : [{ change: 'append', at: part.at, value: item }]
    }
    case 'script':
      return []
  }
}

function wantedHooks(root: JsonObject, part: HooksPart, commands: GatewayCommands): readonly JsonEdit[] {
  const heading = Object.entries(part.heading ?? {}).filter(([key]) => !Object.hasOwn(root, key))
  const events = Object.entries(part.entries(commands)).flatMap(([event, entry]): readonly JsonEdit[] => {
    const at = [...part.at, event]
    const list = listAt(root, at)
    if (list.some((each) => covers(each, entry))) return []
    const own = list.findIndex((each) => isOwnHook(each))
    if (own < 0) return [...cutFromGroups(list, at), { change: 'append', at, value: entry }]
    return [{ change: 'set', at: [...at, own], value: entry }]
  })
  return [...heading.map(([key, value]): JsonEdit => ({ change: 'set', at: [key], value })), ...events]
}

/** The entry, or a group that runs what it runs and more. */
function covers(there: Json, entry: JsonObject): boolean {
  if (!isJsonObject(there)) return false
  const hooks = hooksOf(there)
  const isThere = hooksOf(entry).every((hook) => hooks.some((each) => isDeepStrictEqual(each, hook)))
  return isThere && isDeepStrictEqual({ ...there, hooks: [] }, { ...entry, hooks: [] })
}

/** An entry that runs nothing but what asks a gateway; what puts a question off is its human’s own choice (docs/hooks.md). */
function isOwnHook(entry: Json): boolean {
  const commands = commandsIn(entry)
  return commands.length > 0 && commands.every((line) => asksGateway(line) && !/-defer["']?$/.test(line))
}

function hooksOf(entry: JsonObject): readonly Json[] {
  const { hooks } = entry
  return Array.isArray(hooks) ? (hooks as readonly Json[]) : []
}

/** A group may have got other hooks: those stay, and ours leaves it. */
function cutFromGroups(list: readonly Json[], at: KeyPath): readonly JsonEdit[] {
  return list.flatMap((group, outer): readonly JsonEdit[] => {
    const hooks = isJsonObject(group) ? hooksOf(group) : []
    const own = hooks.flatMap((hook, inner) => (isOwnHook(hook) ? [inner] : []))
    return own.toReversed().map((inner) => ({ change: 'remove', at: [...at, outer, 'hooks', inner] }))
  })
}

function commandsIn(entry: Json): readonly string[] {
  if (!isJsonObject(entry)) return []
  const own = ['command', 'bash', 'powershell'].flatMap((key) => entry[key] ?? [])
  return [...own.filter((text) => typeof text === 'string'), ...hooksOf(entry).flatMap(commandsIn)]
}

function listAt(root: JsonObject, at: KeyPath): readonly Json[] {
  const [last = '', above] = [at.at(-1), at.slice(0, -1)]
  const found = objectAt(root, above)[last]
  return Array.isArray(found) ? (found as readonly Json[]) : []
}
