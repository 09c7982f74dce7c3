import type { Approval } from '../core/approval.ts'
import type { Decision } from '../core/decision.ts'
import type { RemitError } from '../core/errors.ts'
import type { ApprovalId, DecisionId, ServerKey, TaskId } from '../core/ids.ts'
import type { Human, TaskChain } from '../core/identity.ts'
import type { JsonObject } from '../core/json.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Presentation, Shown } from '../core/showing.ts'
import type { Standing } from '../core/standing.ts'
import type { Correlation, ToolCall, ToolDefinition } from '../core/tool-call.ts'
import type { DefinitionFlag } from '../core/tool-pin.ts'
import type { UpstreamCredentials } from './credentials.ts'
import type { ListedDefinition } from './gate-deps.ts'

/** Which lists may be others now. */
export interface ListChange {
  /** Only what this server offers; absent = everything. */
  readonly server?: ServerKey
  /** Only of this task and of all below it; absent = of every task. */
  readonly root?: TaskId
}

/** Who calls, proved: made by `identify` and good for one request. */
export interface Caller {
  readonly chain: TaskChain
  readonly human: Human
  /** What was stopped before the chain was read. */
  readonly standing: Standing
  /** The token was bound to a key and the key was shown. */
  readonly holderBound: boolean
  /** Which key; absent = none. */
  readonly holder?: string
  /** Milliseconds since the epoch. */
  readonly identifiedAt: number
  /** Milliseconds since the epoch at which the token, the task or one above it ends. */
  readonly until: number
  /** The gateway proved whether the task's programs run in a sandbox; absent = as its proved environment says. */
  readonly sandboxed?: boolean
  /** Whether hooks of the task are heard; absent = as this gateway heard them. */
  readonly hooked?: boolean
}

/** The gate's answer to one call, for a door to put on its wire. */
export type Verdict =
  | {
      readonly effect: 'allow'
      readonly decisionId: DecisionId
      readonly decision: Decision
      readonly credentials: UpstreamCredentials
      /** Aborts when the task ends, or is stopped, while the call is out: then it is to be cancelled. */
      readonly stopped: AbortSignal
      /** A human agreed to this one run of it. */
      readonly consented?: true
      /** It starts an agent, or goes on with one. */
      readonly delegates?: true
    }
  | {
      readonly effect: 'consent'
      readonly decisionId: DecisionId
      readonly decision: Decision
      readonly approval: Approval
      /** Page that shows the request; carries no authority. */
      readonly url: string
      /** `approval_pending`, in words for the agent. */
      readonly error: RemitError
    }
  | {
      readonly effect: 'deny'
      readonly decisionId: DecisionId
      readonly decision: Decision
      /** `call_denied` or `approval_refused`, in words on which the agent can act. */
      readonly error: RemitError
    }

/** A tool that an upstream offers, as a door would list it. */
export interface ListedTool {
  readonly server: ServerKey
  readonly definition: ToolDefinition
}

/** A prompt, resource or template of resources that an upstream offers. */
export interface ListedItem {
  readonly server: ServerKey
  /** Name or URI; absent for a template, which may become many. */
  readonly name?: string
  readonly template?: string
}

/**
 * What every door calls, and the only thing that decides. A door may forward a call only after `authorize`
 * answered `allow`, once, exactly as it was authorized, and then owes `settle`; nothing that the upstream says may
 * reach the caller but through `inspect` and `screen`.
 */
export interface Gate {
  /**
   * @param token the presented token.
   * @param showing how the request shows that its sender holds the token’s key or certificate; absent = it shows nothing.
   * @throws RemitError `token_*`, `proof_*`, `task_unknown`, `task_revoked`, `task_expired` (all 401).
   */
  identify(token: string | undefined, showing?: Presentation | Shown): Promise<Caller>
  /**
   * The decision is durable when this resolves. Never throws for a policy or classification failure (that is
   * a deny); throws RemitError `ledger_unavailable` or `ledger_busy` when nothing could be recorded, and then
   * the call must not go through.
   */
  authorize(caller: Caller, call: ToolCall, signal: AbortSignal): Promise<Verdict>
  /** Records an attempt for which there is no such tool or no server to reach; it goes nowhere. */
  recordUnrouted(caller: Caller, call: ToolCall, error: RemitError): Promise<void>
  /**
   * What of an allowed call’s result the caller may have: secrets in it redacted where policy says so. Its labels are
   * part of the history when this resolves.
   * @throws RemitError `result_withheld`.
   */
  inspect(decision: DecisionId, result: JsonObject): Promise<JsonObject>
  /**
   * The same for what the upstream says while it works, or as an error; `undefined` = keep it back. Secrets are always
   * redacted in what belongs to no call.
   */
  screen(decision: DecisionId | undefined, params: JsonObject): JsonObject | undefined
  /** Records what came of an allowed call. May be awaited or not; a lost one leaves the outcome unknown. */
  settle(decision: DecisionId, outcome: Outcome): Promise<void>
  /**
   * Puts what a server lists on record before anybody is shown it; a definition that nobody trusts is neither
   * listed nor called. @throws RemitError `ledger_unavailable`, `ledger_busy`: then the list must not be used.
   */
  see(server: ServerKey, tools: readonly ListedDefinition[]): Promise<void>
  /** What is wrong with texts that a server would put before a model, where there is no tool to switch off. */
  scan(texts: JsonObject): readonly DefinitionFlag[]
  /** The tools of a list that this caller may ever use, in the order given; the filtering is recorded. */
  visible<Tool extends ListedTool>(
    caller: Caller,
    tools: readonly Tool[],
    correlation: Correlation,
  ): Promise<readonly Tool[]>
  /** The same for a list of prompts, or of resources and templates of them. */
  visibleItems<Item extends ListedItem>(
    caller: Caller,
    list: {
      readonly kind: 'prompt' | 'resource'
      readonly items: readonly Item[]
      readonly correlation: Correlation
    },
  ): Promise<readonly Item[]>
  /**
   * Resolves when the approval is no longer pending, or after `timeout` ms, or when `signal` aborts; the
   * answer is its state then. A granted one must still be run through `authorize` again.
   */
  awaitApproval(
    caller: Caller,
    id: ApprovalId,
    wait: { readonly timeout: number; readonly signal: AbortSignal },
  ): Promise<Approval>
  /** Calls back on every change that can alter a list of a task that may go on; returns the unsubscriber. */
  onListChanged(listener: (change: ListChange) => void): () => void
  /** Calls back when something was revoked, completed or stopped: `identify` says whose; returns the unsubscriber. */
  onAuthorityEnded(listener: () => void): () => void
}
