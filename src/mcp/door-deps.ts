import type { Clock, Entropy } from '../core/clock.ts'
import type { DecisionId, ServerKey } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { FileSystemView } from '../core/tool-call.ts'
import type { Gate } from '../gate/gate.ts'
import type { SubAgents } from '../gate/sub-agents/sub-agents.ts'
import type { HostGuard } from '../net/check-host.ts'
import type { LargeMessages } from './large-messages.ts'
import type { RuntimeTool } from './runtime-tool.ts'
import type { Upstream } from './upstream.ts'
import type { VirtualServer } from './virtual-server.ts'

/** What the configuration says of one server beside how to reach it. */
export interface ServerSettings {
  readonly fileSystem: FileSystemView
  /** Absolute path that the server's relative paths mean; absent = the task's workspace. */
  readonly root?: string
  /** Whether its requests for the client's model reach a client that declared it; absent = never. */
  readonly sampling?: 'relay'
  /** Who answers its `roots/list`: the client, or the gateway with these; absent = the gateway, with none. */
  readonly roots?: 'relay' | readonly Root[]
  /** Whether a call of the tool may be sent again when its answer was lost, by name; absent = its definition says. */
  readonly idempotent?: ReadonlyMap<string, boolean>
}

/** https://modelcontextprotocol.io/specification/2025-11-25/client/roots */
export type Root = { readonly uri: string; readonly name?: string }

/** Times in milliseconds, sizes in bytes. */
export interface DoorLimits {
  readonly body: number
  /** How long a call waits for a human before it is answered "pending, retry". */
  readonly hold: number
  /** How often a held call shows that it is alive. */
  readonly beat: number
  /** How long a list waits for one server. */
  readonly listWait: number
  /** How long the description of an endpoint of several servers waits for one of them. */
  readonly describeWait: number
  /** How old a list may be when a client asks for it; a call uses any age, and has an older list than `recheck` asked for anew. */
  readonly listAge: number
  readonly recheck: number
  readonly listPages: number
  readonly listItems: number
  /** Items on one page of a list that a client is given. */
  readonly listPage: number
  readonly sessionsPerTask: number
  readonly sessionIdle: number
  readonly subscriptions: number
  /** How often an idle stream carries a comment. */
  readonly keepAlive: number
  /** How long a `requestState` is good. */
  readonly stateLife: number
  /** How long an upstream waits for a client's answer to its own request. */
  readonly answerWait: number
  /** Calls of one task that may wait for the client's next request. */
  readonly parkedPerTask: number
  /** MCP tasks of one task that may run at once. */
  readonly tasksPerTask: number
  /** How long an MCP task may run, and how long its result is kept, whatever its server says. */
  readonly taskLife: number
  /** How often the gateway itself looks at MCP tasks that run. */
  readonly taskBeat: number
}

export const DEFAULT_LIMITS: DoorLimits = {
  body: 4 * 1024 * 1024,
  hold: 45_000,
  beat: 5_000,
  listWait: 10_000,
  describeWait: 2_000,
  listAge: 10_000,
  recheck: 60_000,
  listPages: 100,
  listItems: 10_000,
  listPage: 1_000,
  sessionsPerTask: 64,
  sessionIdle: 3_600_000,
  subscriptions: 1024,
  keepAlive: 15_000,
  stateLife: 3_600_000,
  answerWait: 600_000,
  parkedPerTask: 16,
  tasksPerTask: 32,
  taskLife: 14_400_000,
  taskBeat: 30_000,
}

/** Everything the MCP door is given. */
export interface DoorDeps {
  readonly gate: Gate
  /** Absent = hooks tell of none here. */
  readonly subAgents?: Pick<SubAgents, 'callerOfUse'>
  readonly upstreams: ReadonlyMap<ServerKey, Upstream>
  /** A server without an entry counts as remote: its paths are lexical. */
  readonly serverSettings: ReadonlyMap<ServerKey, ServerSettings>
  /** Selections with an endpoint of their own, by its key. */
  readonly virtualServers?: ReadonlyMap<string, VirtualServer>
  /** The gateway's own tool; absent = it has none. */
  readonly runtimeTool?: RuntimeTool
  /** Absent = every message is read on the thread that calls run on. */
  readonly large?: LargeMessages
  /**
   * `traceparent` for the server of an authorized call, under the gateway's own span in the client's trace, or in a new
   * one; absent = the gateway has no spans, and the client's goes on.
   */
  readonly traceUpstream?: (decision: DecisionId, traceparent: string | undefined) => string
  readonly log: Log
  readonly clock: Clock
  readonly entropy: Entropy
  /** Base URL under which clients reach the gateway, without a trailing slash: `<publicUrl>/mcp` is the audience. */
  readonly publicUrl: string
  readonly hostGuard: HostGuard
  /** 32 bytes: seals `requestState`. The same on every replica. */
  readonly stateKey: Uint8Array
  readonly version: string
  /** Issuers that can give tokens for this resource (RFC 9728 `authorization_servers`). */
  readonly authorizationServers?: readonly string[]
  /** Whether tokens can be bound to certificates of clients (RFC 9728 `tls_client_certificate_bound_access_tokens`). */
  readonly clientCertificates?: boolean
  readonly limits?: Partial<DoorLimits>
}
