import type { ServerKey } from '../core/ids.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import { sameJson } from '../core/same-json.ts'
import { describeTool, type CatalogueTool } from './describe-tool.ts'
import type { TaskKind } from './tasks/task-shape.ts'

/** The tools of one session, in its server's order. */
export interface KnownTools {
  readonly byName: ReadonlyMap<string, CatalogueTool>
  readonly all: readonly CatalogueTool[]
}

interface ListOfTools {
  readonly server: ServerKey
  readonly raw: readonly Json[]
  /** Which tasks the server has. */
  readonly tasks: TaskKind | undefined
  /** What the same session listed before: what is the same stays the very same. */
  readonly before: KnownTools | undefined
  /** Told of each that is malformed or listed twice. */
  readonly leftOut: () => void
}

/** The first of two tools with one name wins, so that none can be shadowed by a later page. */
export function describeList({ server, raw, tasks, before, leftOut }: ListOfTools): KnownTools {
  const byName = new Map<string, CatalogueTool>()
  for (const json of raw) {
    const tool = knownTool(json, tasks, before) ?? describeTool(server, json, tasks)
    if (tool === undefined || byName.has(tool.definition.name)) leftOut()
    else byName.set(tool.definition.name, tool)
  }
  const all = [...byName.values()]
  const unchanged = before?.all.length === all.length && all.every((tool, at) => tool === before.all[at])
  return unchanged ? before : { byName, all }
}

function knownTool(
  json: Json,
  tasks: TaskKind | undefined,
  before: KnownTools | undefined,
): CatalogueTool | undefined {
  const name = isJsonObject(json) ? json['name'] : undefined
  const known = typeof name === 'string' ? before?.byName.get(name) : undefined
  if (known === undefined || known.tasks !== tasks) return undefined
  return sameJson(known.raw, json) ? known : undefined
}
