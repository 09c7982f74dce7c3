import type { Json, JsonObject } from '../../core/json.ts'
import type { AgentSurroundings } from './agent-surroundings.ts'
import type { GatewayCommands } from './gateway-commands.ts'

/** What the gateway is called among the MCP servers of an agent; hooks know its tools by it. */
export const GATEWAY_NAME = 'remit'

export type KeyPath = readonly string[]

/** One coding agent: how it is found on a machine, and which files say what it does. Facts: docs/agents.md. */
export interface AgentConfiguration {
  /** As its hooks’ adapter and the catalogue of tools know it. */
  readonly agent: string
  readonly title: string
  /** What its program may be called in PATH. */
  readonly programs: readonly string[]
  /** Folders that are there where the agent is, or was. */
  folders(at: AgentSurroundings): readonly string[]
  files(at: AgentSurroundings): readonly ConfigurationFile[]
  /** Files and folders of files in which it keeps copies of its settings by itself, with whatever was secret in them. */
  copies?(at: AgentSurroundings): readonly string[]
  /** Its switch that refuses where a hook fails, and the first version that knows it; absent = it has none. */
  readonly failsClosed?: { readonly by: string; readonly from?: string }
  /** What a human has to do once, or ought to know, after its files were written. */
  readonly afterwards?: readonly string[]
}

/** Everybody’s settings are `managed`: only an administrator writes them, and users cannot lift them. */
export type ConfigurationLevel = 'user' | 'project' | 'managed'

export interface ConfigurationFile {
  /** Absolute. */
  readonly path: string
  readonly level: ConfigurationLevel
  /** `json` may have comments and commas at the end of lists; a `script` is one of ours as a whole. */
  readonly format: 'json' | 'toml' | 'script'
  /** Another name of this file: where only this one is there, it is written instead. Servers are read from both. */
  readonly insteadOf?: string
  readonly parts: readonly ConfigurationPart[]
}

export type ConfigurationPart = ServersPart | HooksPart | ItemPart | ScriptPart | LocksPart

/** MCP servers by name. */
export interface ServersPart {
  readonly kind: 'servers'
  readonly at: KeyPath
  /** An object whose members have servers at `at`, too: Claude Code’s projects. The name of each member is a folder. */
  readonly perFolder?: KeyPath
  /** An entry in the words that most agents use: `command`, `args`, `env`, `url`, `headers`; absent = it is. */
  readonly inCommonWords?: (entry: Json) => Json
  /** The gateway’s own entry; absent = none is written here, since another file has it. */
  readonly gateway?: (commands: GatewayCommands) => JsonObject
}

/** Hooks by event, each event with a list. */
export interface HooksPart {
  readonly kind: 'hooks'
  readonly at: KeyPath
  /** What each event’s list must have. */
  readonly entries: (commands: GatewayCommands) => Readonly<Record<string, JsonObject>>
  /** What stands at the top of a file that is made anew. */
  readonly heading?: JsonObject
}

/** A list of texts that must have this one. */
export interface ItemPart {
  readonly kind: 'item'
  readonly at: KeyPath
  readonly item: (commands: GatewayCommands) => string
}

export interface ScriptPart {
  readonly kind: 'script'
  readonly text: (commands: GatewayCommands) => string
}

/** Settings with which an administrator closes what users could open. */
export interface LocksPart {
  readonly kind: 'locks'
  readonly locks: (commands: GatewayCommands) => readonly Lock[]
}

export type Lock =
  /** As strict as it goes, so that it may take the place of anything. */
  | { readonly at: KeyPath; readonly value: Json }
  /** Whatever stands there already is as good. */
  | { readonly at: KeyPath; readonly unlessSet: Json }
  /** A list of all that is allowed, which must have this. */
  | { readonly at: KeyPath; readonly allows: Json }
