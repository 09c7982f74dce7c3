import type { HumanId, TenantId } from './ids.ts'
import type { TaskChain } from './identity.ts'

/** What can be stopped at large; a single task is revoked. */
export const HALT_TARGETS = ['agent', 'human', 'server', 'tenant'] as const
export type HaltTarget = (typeof HALT_TARGETS)[number]

/** Somebody stopped an agent (by id or kind), a human's tasks, a server, or everything of a tenant, until it is lifted. */
export interface Halt {
  readonly tenant: TenantId
  readonly target: HaltTarget
  /** Of the tenant: its own id. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly by: HumanId
  readonly reason: string
}

/**
 * What is stopped, and the number that grows with everything that ends authority: revocations, completions, halts. A
 * decision is only recorded while the number is the one that it was made with.
 */
export interface Standing {
  readonly revision: number
  readonly halts: readonly Halt[]
}

/** Servers that are stopped, in the order in which they were. */
export function stoppedServers({ halts }: Standing): readonly string[] {
  return halts.flatMap(({ target, id }) => (target === 'server' ? [id] : []))
}

export const NOTHING_STOPPED: Standing = { revision: 0, halts: [] }

/** The first halt that a call of this chain runs into. @param server absent = whatever the server. */
export function haltOf(
  { halts }: Standing,
  { task, ancestors }: TaskChain,
  server?: string,
): Halt | undefined {
  if (halts.length === 0) return undefined
  const chain = [task, ...ancestors]
  return halts.find(({ target, id }) => {
    switch (target) {
      case 'agent':
        return chain.some(({ agent }) => agent.id === id || agent.kind === id)
      case 'human':
        return task.human === id
      case 'server':
        return server === id
      case 'tenant':
        return task.tenant === id
      default:
        return target satisfies never
    }
  })
}
