import { groupsOf, type Action } from '../core/actions.ts'
import type { Json, JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import { findSecrets } from './secrets/find-secrets.ts'

const MAX_TEXT = 262_144
/** What others get to read, though nothing of it is a connection of this machine’s own. */
const SHARED: ReadonlySet<string> = new Set(['issue', 'pr', 'repo', 'release'])

/**
 * An outward operation of a call whose arguments hold a secret carries the label `secret`. Arguments too large to search
 * leave the outward operations not understood.
 */
export function markSecrets(operations: readonly Operation[], input: JsonObject): readonly Operation[] {
  if (!operations.some(({ action }) => isOutward(action))) return operations
  const held = holdsSecret(input)
  if (held === false) return operations
  return operations.map((operation) => {
    if (!isOutward(operation.action)) return operation
    if (held === undefined) return { ...operation, opaque: true }
    return { ...operation, labels: [...new Set([...operation.labels, 'secret' as const])] }
  })
}

function isOutward(action: Action): boolean {
  if (groupsOf(action).includes('egress')) return true
  return SHARED.has(action.split('.', 1)[0] ?? '') && groupsOf(action).includes('write')
}

/** `undefined` = too much to search. */
function holdsSecret(input: JsonObject): boolean | undefined {
  const open: Json[] = [input]
  let length = 0
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string') {
      length += value.length
      if (length > MAX_TEXT) return undefined
      if (findSecrets(value).length > 0) return true
    } else if (Array.isArray(value)) open.push(...(value as readonly Json[]).slice(0, 50_000))
    else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        // A name and its value are two strings here and one assignment elsewhere.
        if (
          typeof member === 'string' &&
          member.length <= 4_096 &&
          findSecrets(`${name}="${member}"`).length > 0
        ) {
          return true
        }
        if (member !== undefined) open.push(member)
      }
    }
  }
  return false
}
