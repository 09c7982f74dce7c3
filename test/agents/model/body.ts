import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts'

/** Objects in a list member of a request; empty where there is none. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

export function textIn(object: JsonObject, name: string): string {
  const value = object[name]
  return typeof value === 'string' ? value : ''
}
