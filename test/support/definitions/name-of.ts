import type { JsonObject } from '../../../src/core/json.ts'

export function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : ''
}
