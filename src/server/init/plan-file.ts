import { isDeepStrictEqual } from 'node:util'
import { RemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { GATEWAY_NAME, type ConfigurationPart, type KeyPath } from '../agents/agent-configuration.ts'
import { asksGateway, type GatewayCommands } from '../agents/gateway-commands.ts'
import type { AgentFile, FileUse } from './agent-files.ts'
import { editJson, type JsonEdit } from './edit-json.ts'
import { editToml, type TomlEdit } from './edit-toml.ts'
import { objectAt, valueOf } from './find-servers.ts'
import { listAt } from './list-at.ts'
import { tomlTables } from './toml-tables.ts'
import { wantedHooks } from './want-hooks.ts'
import { wantedLocks } from './want-locks.ts'

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
  const written = uses.flatMap(({ agent, part }) => {
    const commands = commandsOf?.(agent)
    return commands === undefined ? [] : wanted(root, part, commands)
  })
  // Two agents may share a file, and want the same of it.
  const once = written.filter(
    (edit, index) => written.findIndex((each) => isDeepStrictEqual(each, edit)) === index,
  )
  const all: readonly JsonEdit[] = [...gone.map((at) => ({ change: 'remove' as const, at })), ...once]
  if (all.length === 0) return undefined
  const before = file.text ?? ''
  const edits = file.format === 'toml' ? tomlTables(file.path, root, all) : all
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
    case 'locks':
      return wantedLocks(root, part, commands)
    case 'script':
      return []
  }
}
