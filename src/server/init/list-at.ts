import type { Json, JsonObject } from '../../core/json.ts'
import type { KeyPath } from '../agents/agent-configuration.ts'
import { objectAt } from './find-servers.ts'

/** What is no list is none. */
export function listAt(root: JsonObject, at: KeyPath): readonly Json[] {
  const [last = '', above] = [at.at(-1), at.slice(0, -1)]
  const found = objectAt(root, above)[last]
  return Array.isArray(found) ? (found as readonly Json[]) : []
}
