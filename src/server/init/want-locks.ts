import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../../core/json.ts'
import type { Lock, LocksPart } from '../agents/agent-configuration.ts'
import type { GatewayCommands } from '../agents/gateway-commands.ts'
import type { JsonEdit } from './edit-json.ts'
import { objectAt } from './find-servers.ts'
import { listAt } from './list-at.ts'

/** Nothing is opened by it but for the gateway itself. */
export function wantedLocks(
  root: JsonObject,
  { locks }: LocksPart,
  commands: GatewayCommands,
): readonly JsonEdit[] {
  return locks(commands).flatMap((lock): readonly JsonEdit[] => {
    const { at } = lock
    if ('allows' in lock) {
      const isThere = listAt(root, at).some((each) => isDeepStrictEqual(each, lock.allows))
      return isThere ? [] : [{ change: 'append', at, value: lock.allows }]
    }
    const there = valueAt(root, lock)
    if ('unlessSet' in lock) return there === undefined ? [{ change: 'set', at, value: lock.unlessSet }] : []
    return isDeepStrictEqual(there, lock.value) ? [] : [{ change: 'set', at, value: lock.value }]
  })
}

function valueAt(root: JsonObject, { at }: Lock): Json | undefined {
  return objectAt(root, at.slice(0, -1))[at.at(-1) ?? '']
}
