import { groupsOf, type Action } from '../core/actions.ts'
import type { Operation } from '../core/operation.ts'
import type { JsonSearch } from './secrets/secret-scanner.ts'

/** UTF-16 code units of a call’s arguments that are searched before it is decided. */
export const MAX_ARGUMENTS = 262_144
/** What others get to read, though nothing of it is a connection of this machine’s own. */
const SHARED: ReadonlySet<string> = new Set(['issue', 'pr', 'repo', 'release'])

/**
 * An outward operation of a call whose arguments hold a secret carries the label `secret`. Arguments that could not be
 * searched whole leave the outward operations not understood.
 */
export function markSecrets(
  operations: readonly Operation[],
  { finds, complete }: JsonSearch,
): readonly Operation[] {
  if (finds.length === 0 && complete) return operations
  return operations.map((operation) => {
    if (!isOutward(operation.action)) return operation
    if (finds.length === 0) return { ...operation, opaque: true }
    return { ...operation, labels: [...new Set([...operation.labels, 'secret' as const])] }
  })
}

function isOutward(action: Action): boolean {
  if (groupsOf(action).includes('egress')) return true
  return SHARED.has(action.split('.', 1)[0] ?? '') && groupsOf(action).includes('write')
}
