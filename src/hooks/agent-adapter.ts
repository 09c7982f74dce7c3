import type { JsonObject } from '../core/json.ts'
import type { AfterEvent, BeforeEvent, HookEvent } from './hook-event.ts'

/**
 * One agent's hooks: what its payloads mean, and how it wants to be answered. Contracts measured with the real programs
 * stand with each adapter; `test/hooks` has their payloads.
 */
export interface AgentAdapter {
  /** The agent as the shipped catalogue of tools knows it, and as records show it. */
  readonly agent: string
  /** Its ids of uses are the model's service's, each given once; absent = another conversation, or another turn, may have the same. */
  readonly usesAreUnique?: true
  /** It asks about some of its tools alone, so that nobody knows from it that its hooks are alive. */
  readonly promptOnly?: true
  /** Events of this agent that tell of a tool and in which nothing is decided; absent = there are none. */
  readonly silent?: ReadonlySet<string>
  /** Milliseconds for which a hook may wait for an approval, where the agent goes on soon after; absent = as long as hooks may. */
  readonly longestHold?: number
  /** @throws RemitError `request_invalid` for what is no event of this agent. */
  read(payload: JsonObject): HookEvent
  /** That the tool may run; undefined = the agent wants to hear nothing then. */
  allow(event: BeforeEvent): JsonObject | undefined
  /** That it may not, and why. Never `ask`: agents exist that run what they are to ask about. */
  deny(event: BeforeEvent, why: string): JsonObject
  /** That the run is to end here, and the tool to be asked about again when it is gone on with; absent = no such answer. */
  readonly defer?: (event: BeforeEvent, why: string) => JsonObject
  /** Of a second hook that stands by where the first may defer: what makes the agent refuse the tool, should it go on with it. */
  readonly ask?: (event: BeforeEvent) => JsonObject
  /** That the model is to have this instead of the result; undefined = the agent keeps the result all the same. */
  replace(event: AfterEvent, result: JsonObject): JsonObject | undefined
}
