import type { JsonObject } from '../core/json.ts'
import type { HumanId, ServerKey } from '../core/ids.ts'
import type { Launcher } from './launcher.ts'
import type { Environment } from '../core/identity.ts'
import type { CredentialEntry } from '../gate/choose-credential.ts'
import type { Party } from './upstream-shares.ts'

/** `modern` = 2026-07-28 (no sessions, `_meta` envelope); `legacy` = the initialize era. */
export type Era = 'modern' | 'legacy'

/**
 * Who uses one session of a server: one task, all tasks of one human, or everybody. A session of more than one task
 * declares no capabilities, and what its server says outside of a call's own stream is told to nobody if it may be
 * about somebody's call.
 */
export type Sharing = 'task' | 'human' | 'shared'

/** An upstream as configuration describes it. */
export interface UpstreamConfig {
  readonly key: ServerKey
  readonly transport:
    | {
        readonly kind: 'stdio'
        readonly command: string
        readonly args: readonly string[]
        /** The whole environment of the child beside PATH and HOME: nothing else is inherited. */
        readonly env: Readonly<Record<string, string>>
        readonly cwd?: string
        /** Absent = the process is started as it is, in no sandbox. */
        readonly launcher?: Launcher
      }
    | {
        readonly kind: 'http'
        readonly url: string
        readonly headers: Readonly<Record<string, string>>
        /** Headers beside them that depend on the call. */
        readonly credentials?: readonly CredentialEntry[]
        /** True = it is reached as a human, with that human's token. */
        readonly perHuman?: true
        /** True = the URL's name may resolve to a private address. One that the URL spells out always may. */
        readonly allowPrivate?: boolean
      }
  readonly era: 'auto' | Era
  /** Why nothing may be sent to it now: a secret of it is missing. */
  readonly unusable?: string
  readonly session: Sharing
  /** Milliseconds until a request without an answer is given up; progress resets it. */
  readonly timeout: number
}

/** For whom a session is used. */
export interface SessionHolder {
  readonly environment?: Environment
  readonly human?: HumanId
}

/** What a server said of itself when its session began. */
export interface UpstreamInfo {
  readonly era: Era
  readonly protocolVersion: string
  readonly capabilities: JsonObject
  readonly serverInfo: JsonObject
  readonly instructions?: string
}

/** The upstream's own JSON-RPC error, to be handed on with its code. */
export class UpstreamRpcError extends Error {
  readonly rpcCode: number
  readonly data: unknown

  constructor(rpcCode: number, message: string, data?: unknown) {
    super(message)
    this.name = 'UpstreamRpcError'
    this.rpcCode = rpcCode
    this.data = data
  }
}

export interface UpstreamRequest {
  readonly method: string
  readonly params: JsonObject
  readonly signal: AbortSignal
  /** Who wants it, for a fair share of the server; absent = the gateway itself. */
  readonly party?: Party
  /** Credentials of this call, merged over the configured headers (HTTP only). */
  readonly headers?: Readonly<Record<string, string>>
  /** Capabilities that the client of this request declared: mirrored exactly, never more. */
  readonly clientCapabilities: JsonObject
  /** The result goes on through the gate's inspection, so a large one may come with a body instead of its members. */
  readonly takesLarge?: true
  /** `notifications/progress` and `notifications/message` that belong to this request, in order. */
  readonly onNotification?: (method: string, params: JsonObject) => void
  /**
   * A request of the upstream to the client while this one is open (legacy: sampling, elicitation, roots).
   * Answers with the result, or throws UpstreamRpcError. Absent = refused with -32601. `withdrawn` aborts when the
   * upstream cancels it; then no answer is sent.
   */
  readonly onServerRequest?: (
    method: string,
    params: JsonObject,
    withdrawn?: AbortSignal,
  ) => Promise<JsonObject>
}

/**
 * One conversation with one server. Requests may overlap.
 * `request` answers with the JSON-RPC `result`, or throws:
 * - UpstreamRpcError: the upstream answered with an error;
 * - RemitError `upstream_unavailable` | `overloaded`: it was not sent, or refused before it was looked at;
 * - RemitError `upstream_lost` | `upstream_timeout` | `upstream_garbage`: sent, outcome unknown.
 * Aborting the signal cancels upstream (closing the stream, or `notifications/cancelled`) and throws its reason.
 */
export interface UpstreamSession {
  readonly info: UpstreamInfo
  /** Of a program: what was started. */
  readonly program?: JsonObject
  request(request: UpstreamRequest): Promise<JsonObject>
  notify(method: string, params: JsonObject): Promise<void>
  /** Messages that belong to no request: `…/list_changed`, `resources/updated`. Returns the unsubscriber. */
  onNotification(listener: (method: string, params: JsonObject) => void): () => void
  readonly closed: boolean
  /**
   * How often the server began to know it. What a server keeps of a session, such as subscriptions to resources, is
   * gone when this has grown. Absent = it never forgets.
   */
  readonly begun?: number
  close(): Promise<void>
}

/** One configured server: opens, shares, restarts and closes its sessions. */
export interface Upstream {
  readonly config: UpstreamConfig
  /**
   * The session of this owner (a task id, a human, or anything for a shared server: `sessionKey`), opened on first
   * use and again after it died, with back-off. A legacy server is told `clientCapabilities` when its session begins, so an
   * owner has one session for each set of them; a session of more than one task declares none.
   * @throws RemitError `upstream_unavailable`.
   */
  session(owner: string, clientCapabilities?: JsonObject, holder?: SessionHolder): Promise<UpstreamSession>
  readonly health: {
    readonly state: 'idle' | 'up' | 'down'
    readonly restarts: number
    /** What it speaks, as far as that is known. */
    readonly era?: Era
    readonly lastError?: string
    /** Milliseconds until the gateway tries by itself to reach it; absent = nothing failed, or each use tries. */
    readonly nextTry?: number
  }
  /** Calls back when it is reached again after it could not be, whoever tried. Absent = it never fails. */
  onRecovered?(listener: () => void): void
  close(): Promise<void>
}
