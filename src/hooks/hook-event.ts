import type { JsonObject } from '../core/json.ts'

/** A tool use as an agent's runtime tells of it. The runtime is believed about what it is going to run, and no further. */
export interface HookedTool {
  readonly name: string
  readonly arguments: JsonObject
  /** MCP server that it belongs to, by the agent's name for it; absent = the tool is the agent's own. */
  readonly server?: string
  /** The agent's id of this very use; absent = it gives none. */
  readonly use?: string
}

interface Told {
  /** The agent's id of the conversation. */
  readonly session?: string
  /** Id of the sub-agent within it; absent = the agent itself. */
  readonly subAgent?: string
  /** What kind of sub-agent, in the agent's words. */
  readonly subAgentType?: string
  /** Id of the sub-agent that started this one, where the agent tells. */
  readonly subAgentParent?: string
  /** Absolute folder in which the agent works. */
  readonly folder?: string
}

/** What a runtime tells at its hooks, in words of no agent. */
export type HookEvent = Told &
  (
    | { readonly moment: 'before'; readonly tool: HookedTool }
    | {
        readonly moment: 'after'
        readonly tool: HookedTool
        /** As the agent has it; absent = it tells none. */
        readonly result?: JsonObject
        /** In the agent's words; absent = it did not fail. */
        readonly failure?: string
      }
    /** A session begins, or the agent's part that asks was loaded: nothing is decided, and it says that hooks are alive. */
    | {
        readonly moment: 'start'
        /** As the agent tells it; absent = it tells none. */
        readonly version?: string
      }
    /** The sub-agent begins, or its work is done. */
    | { readonly moment: 'sub-agent-began' | 'sub-agent-ended'; readonly subAgent: string }
    /** Nothing that can be decided: a prompt, an end. */
    | { readonly moment: 'other'; readonly name: string }
  )

export type BeforeEvent = Extract<HookEvent, { readonly moment: 'before' }>
export type StartEvent = Extract<HookEvent, { readonly moment: 'start' }>
export type AfterEvent = Extract<HookEvent, { readonly moment: 'after' }>
