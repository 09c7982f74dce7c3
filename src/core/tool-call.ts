import type { JsonObject } from './json.ts'
import type { Digest, ServerKey } from './ids.ts'

export type Door = 'mcp' | 'hook' | 'egress' | 'authzen' | 'workspace'

/**
 * What of MCP (or of another door) is asked for. Anything but `tool` has its name or URI in `tool`. The last three are
 * questions of a server to the client, while a call of the client is open; their `tool` is the method.
 */
export const CALL_KINDS = [
  'tool',
  'prompt',
  'resource',
  'completion',
  'elicitation',
  'sampling',
  'roots',
] as const
export type CallKind = (typeof CALL_KINDS)[number]

/** A tool as an upstream described it. Everything but `digest` is the upstream's claim. */
export interface ToolDefinition {
  /** SHA-256 over the canonical JSON of all that an agent may act on: name, title, description, schemas, annotations. */
  readonly digest: Digest
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly inputSchema?: JsonObject
  readonly annotations?: JsonObject
}

/**
 * Where the paths in a call's arguments mean something. `shared` = the gateway sees the same files and can
 * resolve links; `remote` = it cannot, paths are lexical and labelled `unresolved`; `none` = no file system.
 */
export type FileSystemView = 'shared' | 'remote' | 'none'

/** What tells one request from another across systems. None of it is trusted; all of it is recorded. */
export interface Correlation {
  readonly requestId: string
  readonly session?: string
  /** W3C Trace Context of the caller. */
  readonly traceparent?: string
  /** The agent's own id of this tool use, where it gives one. */
  readonly toolUse?: string
  /** `name/version` as the client introduced itself. */
  readonly client?: string
}

/** What every door turns its input into. */
export interface ToolCall {
  readonly door: Door
  readonly kind: CallKind
  readonly server: ServerKey
  readonly tool: string
  readonly definition?: ToolDefinition
  readonly arguments: JsonObject
  readonly fileSystem: FileSystemView
  /** Root that relative paths mean for this server, when it is not the task's workspace. */
  readonly root?: string
  readonly correlation: Correlation
}
