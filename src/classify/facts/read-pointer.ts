import type { Json, JsonObject } from '../../core/json.ts'

/** The value at an RFC 6901 pointer; undefined = there is none. Only own members are followed. */
export function readPointer(root: JsonObject, pointer: string): Json | undefined {
  let value: Json | undefined = root
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value)) {
      const items = value as readonly Json[]
      value = /^(?:0|[1-9]\d{0,8})$/.test(name) ? items[Number(name)] : undefined
    } else {
      value = Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined
    }
  }
  return value
}
