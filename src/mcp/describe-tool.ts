import { createHash } from 'node:crypto'
import { canonicalJson } from '../core/canonical-json.ts'
import type { Digest, ServerKey } from '../core/ids.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { ToolDefinition } from '../core/tool-call.ts'
import { SERVER_PIN } from '../core/tool-pin.ts'
import type { ListedDefinition } from '../gate/gate-deps.ts'
import type { ListedTool } from '../gate/gate.ts'
import type { TaskKind } from './tasks/task-shape.ts'
import { findParamHeaders, type ParamHeader } from './param-headers.ts'

/** What no model reads. Everything else is what an agent acts on, and so what a pin covers. */
const NOT_PINNED: ReadonlySet<string> = new Set(['_meta', 'icons', 'execution'])

/** MCP allows 128; a name is kept for ever in records, whatever a server lists. */
const MOST_OF_A_NAME = 512

/** A tool as its server listed it, with what the door needs to serve it. */
export interface CatalogueTool extends ListedTool {
  /** The server's own words, listed as they are under the exposed name. */
  readonly raw: JsonObject
  /** What of `raw` its digest covers. */
  readonly pinned: JsonObject
  readonly paramHeaders: readonly ParamHeader[]
  /** Which tasks its server has. */
  readonly tasks: TaskKind | undefined
}

/** @returns undefined for what is no tool, or has no canonical form: it is not offered. */
export function describeTool(server: ServerKey, raw: Json, tasks?: TaskKind): CatalogueTool | undefined {
  if (!isJsonObject(raw)) return undefined
  const { name, title, description, inputSchema, annotations } = raw
  if (typeof name !== 'string' || name === '' || name.length > MOST_OF_A_NAME) return undefined
  const pinned = pinnedOf(raw)
  if (name === SERVER_PIN) return undefined
  const digest = digestOf(pinned)
  if (digest === undefined) return undefined
  const definition: ToolDefinition = {
    digest,
    name,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    ...(isJsonObject(inputSchema) ? { inputSchema } : {}),
    ...(isJsonObject(annotations) ? { annotations } : {}),
  }
  return { server, definition, raw, pinned, paramHeaders: findParamHeaders(definition.inputSchema), tasks }
}

/** The tool as it goes on record. */
export function listedDefinition({ definition: { name, digest }, pinned }: CatalogueTool): ListedDefinition {
  return { name, digest, definition: pinned }
}

function pinnedOf(raw: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(raw).filter(([member]) => !NOT_PINNED.has(member)))
}

/** SHA-256 over RFC 8785 canonical JSON of the pinned members. */
function digestOf(pinned: JsonObject): Digest | undefined {
  try {
    return createHash('sha256').update(canonicalJson(pinned)).digest('hex') as Digest
  } catch {
    return undefined
  }
}
