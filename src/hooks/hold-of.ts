import type { AgentAdapter } from './agent-adapter.ts'
import type { HookDoorDeps } from './door-deps.ts'

/** How long a hook of this agent may wait for an approval, in milliseconds. */
export function holdOf(
  { hold }: Pick<HookDoorDeps, 'hold'>,
  { longestHold }: Pick<AgentAdapter, 'longestHold'>,
): number {
  return longestHold === undefined ? hold : Math.min(hold, longestHold)
}
