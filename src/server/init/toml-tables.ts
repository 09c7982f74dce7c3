import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { editJson, type JsonEdit, type JsonPath } from './edit-json.ts'
import type { TomlEdit } from './edit-toml.ts'

/** The same changes as tables that are written anew: TOML is edited by whole tables, and by keys of the root. */
export function tomlTables(name: string, root: JsonObject, edits: readonly JsonEdit[]): readonly TomlEdit[] {
  const after = JSON.parse(editJson(name, JSON.stringify(root), edits)) as JsonObject
  const tables = new Map(edits.map((edit) => [JSON.stringify(tableOf(edit)), tableOf(edit)]))
  return [...tables.values()].map((at) => {
    const value = at.reduce<Json | undefined>(
      (object, key) => (isJsonObject(object) ? object[key] : undefined),
      after,
    )
    return value === undefined ? { change: 'remove', at } : { change: 'set', at, value }
  })
}

function tableOf(edit: JsonEdit): readonly string[] {
  const isTable = edit.change === 'remove' || (edit.change === 'set' && isJsonObject(edit.value))
  return keysOf(edit.at.length === 1 || isTable ? edit.at : edit.at.slice(0, -1))
}

/** Up to the first list: what is in one is written with it. */
function keysOf(at: JsonPath): readonly string[] {
  const list = at.findIndex((key) => typeof key === 'number')
  return (list < 0 ? at : at.slice(0, Math.max(list - 1, 1))).map(String)
}
