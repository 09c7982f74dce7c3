import type { TaskChain } from '../../core/identity.ts'
import type { Caller } from '../gate.ts'

/** A caller who was proved for a task above, and acts as this one: with the proof of the connection, and no longer than it. */
export function actAs(caller: Caller, chain: TaskChain): Caller {
  return { ...caller, chain, until: Math.min(caller.until, chain.task.expires) }
}
