import { isJsonObject, type JsonObject } from '../core/json.ts'

/** MCP Apps: https://modelcontextprotocol.io/extensions/apps */
export const UI_EXTENSION = 'io.modelcontextprotocol/ui'
/** Skills (SEP-2640): `skills/list`, `skills/get` and, if its settings say `directoryRead`, `resources/directory/read`. */
export const SKILLS_EXTENSION = 'io.modelcontextprotocol/skills'

/** What a side says of an extension that it has; undefined = it has not. */
export function extensionOf(capabilities: JsonObject, id: string): JsonObject | undefined {
  const { extensions } = capabilities
  const settings = isJsonObject(extensions) && Object.hasOwn(extensions, id) ? extensions[id] : undefined
  return isJsonObject(settings) ? settings : undefined
}
