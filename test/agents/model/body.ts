import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts'

/** Objects in a list member of a request; empty where there is none. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

export function textIn(object: JsonObject, name: string): string {
  const value = object[name]
  return typeof value === 'string' ? value : ''
}

/** What was said before the model's first turn, as JSON. */
export function openingOf(turns: readonly JsonObject[]): string {
  const first = turns.findIndex(({ role }) => role === 'assistant' || role === 'model')
  return JSON.stringify((first === -1 ? turns : turns.slice(0, first)).filter(({ role }) => role === 'user'))
}
