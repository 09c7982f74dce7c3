import type { Door } from './doors.ts'
import type { Column } from './columns.ts'
import type { Step } from './model/script.ts'
import type { AgentName, Pinned } from './pinned.ts'

export interface AgentSession {
  readonly program: string
  /** Its own, so that nothing of this machine's user is read. */
  readonly home: string
  readonly workspace: string
  readonly modelUrl: string
  /** Origin of the gateway's agent plane, for the agent's MCP client. */
  readonly gatewayUrl: string
  /** Where its hooks ask with the token; default `gatewayUrl`. */
  readonly hookUrl?: string
  readonly token: string
  /** For `remit connect`, which binds its token to a key of its own. */
  readonly connectToken: string
  readonly mcp: 'stdio' | 'http'
  /** Its hooks may ask over its connection: its name at the hook door. */
  readonly connected?: string
  /** Nothing answers at `gatewayUrl`. */
  readonly down?: true
  /** Beside what the driver sets. */
  readonly env?: Readonly<Record<string, string>>
  /** Seconds after which the hook's client gives up. */
  readonly deadline?: number
  /** Its configuration of hooks; default `remit-hook`. */
  readonly hooks?: object
  /** What it is told of permissions; default that it has them all. */
  readonly permissions?: readonly string[]
  /** Seconds after which the agent ends a hook; default what `remit init` writes. */
  readonly hookTimeout?: number
}

/** What an agent cannot, and what shows it. */
export interface Documented {
  /** Stands in docs/hooks.md, word for word. */
  readonly sentence: string
  /** No tool that the agent offers the model fits. */
  readonly offersNone?: RegExp
}

/** A coding agent as its users run it, without a terminal. */
export interface RealAgent extends Pinned {
  readonly name: AgentName
  shell(command: string): Step
  /** Absent = it has none. */
  edit?(path: string, content: string): Step
  read?(path: string): Step
  /** Has another agent work on the prompt, and waits for its end. */
  delegate?(prompt: string): readonly Step[]
  /** Whether its hooks tell whose a call is. */
  readonly tellsSubAgents: boolean
  /** A refusal at its hook ends all of its work. */
  readonly endsWhenRefused?: true
  /** What becomes of a tool whose hook it ended; docs/hooks.md has it. `waits` = it never ends one. */
  readonly onHookTimeout: 'refuses' | 'runs' | 'waits'
  readonly cannot: Partial<Record<Door | Column | `${Column}/${Door}`, Documented>>
  /** Lets it work until the script ends. @returns what it printed. */
  run(session: AgentSession): Promise<string>
}

export const PROMPT = 'go on'
