import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { RUNTIME_TOOL } from '../../core/runtime-tool.ts'
import { GATEWAY_NAME, type HooksPart, type KeyPath } from '../agents/agent-configuration.ts'
import { asksGateway, type GatewayCommands } from '../agents/gateway-commands.ts'
import { asksAlike } from '../start-report/asks-alike.ts'
import type { JsonEdit } from './edit-json.ts'
import { listAt } from './list-at.ts'

/** Every event asks the gateway; hooks of others stay, ours of another installation are set anew. */
export function wantedHooks(
  root: JsonObject,
  part: HooksPart,
  commands: GatewayCommands,
): readonly JsonEdit[] {
  const heading = Object.entries(part.heading ?? {}).filter(([key]) => !Object.hasOwn(root, key))
  const events = Object.entries(part.entries(commands)).flatMap(([event, entry]): readonly JsonEdit[] => {
    const at = [...part.at, event]
    const list = listAt(root, at)
    if (list.some((each) => covers(each, entry) || asksOverConnection(each, entry))) return []
    const own = list.findIndex((each) => isOwnHook(each))
    if (own < 0) return [...cutFromGroups(list, at), { change: 'append', at, value: entry }]
    const value = asStrictAs(list[own], entry)
    return isDeepStrictEqual(list[own], value) ? [] : [{ change: 'set', at: [...at, own], value }]
  })
  return [...heading.map(([key, value]): JsonEdit => ({ change: 'set', at: [key], value })), ...events]
}

/** The entry, or a group that runs what it runs and more. */
function covers(there: Json, entry: JsonObject): boolean {
  if (!isJsonObject(there)) return false
  const hooks = hooksIn(there)
  const isThere = hooksIn(entry).every((hook) => hooks.some((each) => isDeepStrictEqual(each, hook)))
  return isThere && isDeepStrictEqual({ ...there, hooks: [] }, { ...entry, hooks: [] })
}

/** An entry that runs nothing but what asks a gateway; what puts a question off is its human’s own choice (docs/hooks.md). */
function isOwnHook(entry: Json): boolean {
  const commands = commandsIn(entry)
  return commands.length > 0 && commands.every((line) => asksGateway(line) && !/-defer["']?$/.test(line))
}

/** A group may have got other hooks: those stay, and ours leaves it. */
function cutFromGroups(list: readonly Json[], at: KeyPath): readonly JsonEdit[] {
  return list.flatMap((group, outer): readonly JsonEdit[] => {
    const own = hooksIn(group).flatMap((hook, inner) => (isOwnHook(hook) ? [inner] : []))
    return own.toReversed().map((inner) => ({ change: 'remove', at: [...at, outer, 'hooks', inner] }))
  })
}

function commandsIn(entry: Json): readonly string[] {
  if (!isJsonObject(entry)) return []
  const own = ['command', 'bash', 'powershell'].flatMap((key) => entry[key] ?? [])
  return [...own.filter((text) => typeof text === 'string'), ...hooksIn(entry).flatMap(commandsIn)]
}

/** A hook of type `mcp_tool` asks the same over the agent’s own connection: one of both is enough. */
function asksOverConnection(found: Json, wanted: JsonObject): boolean {
  return hooksIn(found).some(isRuntimeTool) && asksAlike(found, wanted)
}

function isRuntimeTool(hook: Json): boolean {
  return isJsonObject(hook) && hook['server'] === GATEWAY_NAME && hook['tool'] === RUNTIME_TOOL
}

/** What refuses where a hook fails stays, also where ours goes on. */
function asStrictAs(found: Json | undefined, wanted: JsonObject): JsonObject {
  const there = [found ?? null, ...hooksIn(found ?? null)].filter((each) => isJsonObject(each))
  const strict = {
    ...(there.some((each) => each['onFailure'] === 'block') ? { onFailure: 'block' } : {}),
    ...(there.some((each) => each['failClosed'] === true) ? { failClosed: true } : {}),
  }
  const inner = hooksIn(wanted)
  if (inner.length === 0) return { ...wanted, ...strict }
  return { ...wanted, hooks: inner.map((each) => (isJsonObject(each) ? { ...each, ...strict } : each)) }
}

function hooksIn(entry: Json): readonly Json[] {
  return isJsonObject(entry) && Array.isArray(entry['hooks']) ? (entry['hooks'] as readonly Json[]) : []
}
