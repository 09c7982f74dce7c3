import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Expose } from '../map-uris.ts'

/** A skill whose files can be read at this endpoint: its own URI, and those of the files that it lists. */
export function exposeSkill(expose: Expose, skill: JsonObject): JsonObject {
  const { uri, resources } = skill
  return {
    ...skill,
    ...(typeof uri === 'string' ? { uri: expose(uri) } : {}),
    // `dynamic` names no files.
    ...(Array.isArray(resources)
      ? { resources: resources.map((file) => (isJsonObject(file) ? exposeUri(expose, file) : file)) }
      : {}),
  }
}

/** An entry of any list of resources. */
export function exposeUri(expose: Expose, entry: JsonObject): JsonObject {
  const { uri } = entry
  return typeof uri === 'string' ? { ...entry, uri: expose(uri) } : entry
}
