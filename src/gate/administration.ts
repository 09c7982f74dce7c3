import type { Approval, ApprovalState, DecidingChannel, ShownApproval } from '../core/approval.ts'
import type { Assertion } from '../core/assertion.ts'
import type { Cover } from '../core/cover.ts'
import type { Grant, ListedGrant } from '../core/grant.ts'
import type { Widening } from '../core/widening.ts'
import type { ApprovalId, GrantId, HumanId, TaskId, TenantId } from '../core/ids.ts'
import type { Budget, Environment, Human, Task } from '../core/identity.ts'
import type { SessionFacts } from '../core/facts.ts'
import type { Scope } from '../core/scope.ts'
import type { Halt, HaltTarget } from '../core/standing.ts'
import type { RecordQuery, StoredRecord } from '../audit/record-reader.ts'
import type { CoverWish } from './covers/manage-covers.ts'
import type { Reach } from './reach.ts'
import type { ExportedPage, ExportPage, ToldExport } from './export-records.ts'
import type { CountedPage, FoundPage } from '../audit/record-search.ts'
import type { AuditQuestion } from './query-audit.ts'
import type { FoundRecords, RecordSearch } from './search-records.ts'
import type { ValueWish } from './views/field-values.ts'
import type { FatigueReport } from './fatigue-report.ts'
import type { StepUpAnswer } from './step-up.ts'
import type { ToolDecision, ToolReview } from './pins/review-tools.ts'

/**
 * Who uses the admin plane. `approver` proved a credential that no file on this machine holds; `stored` is the
 * local credential on disk, which may make and revoke tasks and read, and nothing else.
 */
export interface Actor {
  readonly human: Human
  readonly credential: 'approver' | 'stored'
  /** Set = this approver may decide only approvals of this task. */
  readonly onlyTask?: TaskId
  /** The browser session that they act in; absent = each request proves the credential itself. */
  readonly session?: string
  /** What of other people’s they see in what they do now, as the table of routes says; absent = nothing. */
  readonly reach?: Reach
  /** What their passkey signed under what they do now. */
  readonly assertion?: Assertion
  /** Where they decide, if that is neither the console nor the command line: nothing grave is decided there. */
  readonly channel?: DecidingChannel
}

/** What a task is asked to be. Whatever is left out comes from the workflow's template. */
export interface TaskRequest {
  readonly workflow: string
  readonly intent: string
  readonly agent?: { readonly id: string; readonly kind: string }
  readonly scope?: Scope
  readonly environment?: Environment
  /** Absolute path. */
  readonly workspace?: string
  readonly budget?: Budget
  /** Lifetime in milliseconds. */
  readonly lifetime?: number
  /** `remit run` starts its agent in a sandbox, and the holder is that sandbox's relay: `gate/boxed-task.ts`. */
  readonly boxed?: boolean
  /** Thumbprint (RFC 7638) of the key that is to hold it; absent = whoever has its token may use it. */
  readonly holder?: string
}

export interface IssuedTask {
  readonly task: Task
  /** Good for its holder, or for whoever has it where it has none, until the task expires or is revoked. Shown once, stored nowhere. */
  readonly token: string
  /** The agent plane's MCP endpoint. */
  readonly url: string
}

/** Who is to hold the task from now on. Neither = whoever does. */
export interface TokenWish {
  /** Thumbprint (RFC 7638) of a key. */
  readonly holder?: string | undefined
  /** Nobody: the next key that asks may have it. */
  readonly release?: boolean | undefined
  /** The holder is the relay of a sandbox again. */
  readonly boxed?: boolean | undefined
}

/** A task in its tree. */
export interface TaskBranch {
  readonly task: Task
  readonly used: SessionFacts
  readonly children: readonly TaskBranch[]
}

/** Something about a tree of tasks that its human should look at. */
export interface TaskFlag {
  /** Root of the tree. */
  readonly task: TaskId
  readonly human: HumanId
  readonly workflow: string
  /** `consent-flood` = it asks people more than it may. */
  readonly why: 'consent-flood'
  /** Start of the latest hour in which that was so, milliseconds since the epoch. */
  readonly hour: number
  /** Calls denied for it within that hour. */
  readonly denied: number
}

/** What to stop, or to let go again, and why. */
export interface HaltWish {
  readonly target: HaltTarget
  readonly id: string
  readonly reason: string
}

/** Whose gates to close, why, and for how many milliseconds; absent = an hour. */
export interface GlassWish {
  readonly task: TaskId
  readonly reason: string
  readonly lifetime?: number | undefined
}

export interface GlassReport {
  readonly approval: Approval
  readonly reviewed: boolean
}

/**
 * What people and their tools may do on the admin plane. Every change is recorded with who made it. What is out of an
 * actor’s reach is answered like what never was.
 */
export interface Administration {
  createTask(actor: Actor, request: TaskRequest): Promise<IssuedTask>
  /** Ends the task and all below it with its next call. @throws RemitError `task_not_found`. */
  revokeTask(actor: Actor, id: TaskId, reason: string): Promise<Task>
  /** Ends a task whose work is done, and all below it. @throws RemitError `task_not_found`. */
  completeTask(actor: Actor, id: TaskId): Promise<Task>
  /**
   * Lets a task of the actor’s own live longer, as far as its workflow, its parents and its budget allow; nothing else
   * of it changes.
   * @param lifetime milliseconds from now; absent = as its workflow says.
   * @throws RemitError `task_not_found`, `task_not_yours`, `scope_wider`, `input_invalid`.
   */
  renewTask(actor: Actor, id: TaskId, lifetime?: number): Promise<IssuedTask>
  /** Another token for a task of the actor’s own. @throws RemitError `task_not_found`, `task_not_yours`, `input_invalid`. */
  issueToken(actor: Actor, id: TaskId, wish?: TokenWish): Promise<IssuedTask>
  /** The whole tree that a task is in, with what each task and everything below it has used. */
  taskTree(actor: Actor, id: TaskId): Promise<TaskBranch>
  listHalts(actor: Actor): Promise<readonly Halt[]>
  /** The kill switch: holds from the next call on, everywhere. */
  placeHalt(actor: Actor, wish: HaltWish): Promise<Halt>
  /** @throws RemitError `role_missing`, `approver_refused`, `halt_unknown`. */
  liftHalt(actor: Actor, wish: HaltWish): Promise<Halt>
  /**
   * Asks two maintainers to close every gate of one task for at most an hour.
   * @throws RemitError `role_missing`, `task_not_found`, `glass_unreviewed`, `approval_closed`.
   */
  requestGlass(actor: Actor, wish: GlassWish): Promise<Approval>
  endGlass(actor: Actor, id: ApprovalId): Promise<Approval>
  /** @throws RemitError `approver_refused`, `approval_closed` while it holds, `approval_unknown`. */
  reviewGlass(
    actor: Actor,
    review: { readonly id: ApprovalId; readonly comment: string },
  ): Promise<GlassReport>
  listGlass(actor: Actor): Promise<readonly GlassReport[]>
  listTasks(actor: Actor, limit: number): Promise<readonly Task[]>
  /** @throws RemitError `task_not_found`. */
  getTask(actor: Actor, id: TaskId): Promise<Task>
  /** The flag of the tree that this task is in. @throws RemitError `task_not_found`. */
  flagOf(actor: Actor, id: TaskId): Promise<TaskFlag | undefined>
  /** Trees of tasks that people should look at. */
  listFlags(actor: Actor): Promise<readonly TaskFlag[]>
  listApprovals(
    actor: Actor,
    filter: { readonly state?: ApprovalState; readonly limit: number },
  ): Promise<readonly Approval[]>
  /** Reading what waits is recorded as `approval.viewed`. @throws RemitError `approval_unknown`. */
  viewApproval(actor: Actor, id: ApprovalId): Promise<ShownApproval>
  /**
   * Votes for every open gate that this actor may close, or for `gate` only.
   * `grant` = for the rest of the task, where the request offers that.
   * @throws RemitError `role_missing`, `approver_refused`, `approval_unknown`, `approval_closed`,
   *   `grant_not_offered`, `step_up_needed` for a gate of high severity.
   */
  approve(
    actor: Actor,
    id: ApprovalId,
    vote: {
      readonly gate?: string
      /** Whose deputy the actor is; absent = themselves, or whom they may agree for where they may not. */
      readonly for?: HumanId
      readonly comment?: string
      readonly grant?: 'task'
      /** Along which axis that may go further, where the request offers that. */
      readonly widen?: Widening
      readonly stepUp?: StepUpAnswer
    },
  ): Promise<Approval>
  /** Says that the actor is away, or who agrees for them. @throws RemitError `role_missing`, `input_invalid`, `step_up_needed`. */
  setCover(actor: Actor, wish: CoverWish): Promise<Cover>
  /** @throws RemitError `role_missing`, `not_found`. */
  endCover(actor: Actor, human: HumanId): Promise<Cover>
  listCovers(actor: Actor): Promise<readonly Cover[]>
  refuse(actor: Actor, id: ApprovalId, reason: string): Promise<Approval>
  /** Newest first. */
  listGrants(
    actor: Actor,
    filter: { readonly task?: TaskId; readonly limit: number },
  ): Promise<readonly ListedGrant[]>
  /** Ends a grant with the next call. @throws RemitError `grant_unknown`. */
  revokeGrant(actor: Actor, id: GrantId, reason: string): Promise<Grant>
  /** Resolves with approvals that changed or came since `since` (a cursor of an earlier answer), or after `timeout` ms. */
  watchApprovals(
    actor: Actor,
    wait: {
      readonly since: number
      readonly timeout: number
      readonly signal: AbortSignal
      readonly most?: number
    },
  ): Promise<{
    readonly cursor: number
    /** True = everything that is pending (at most `most`, default 1,000; with 0 see `readInbox`), not only what changed. */
    readonly whole: boolean
    readonly approvals: readonly Approval[]
  }>
  /** All that is pending, the gravest first and then what waits longest, read in pages as they are asked for. */
  readInbox(
    actor: Actor,
    most: number,
  ): Promise<{ readonly count: number; readonly pages: AsyncIterable<readonly Approval[]> }>
  /** How much people were asked from `from` until before `until`, milliseconds since the epoch. */
  fatigueReport(
    actor: Actor,
    within: { readonly from: number; readonly until: number },
  ): Promise<FatigueReport>
  /** Puts on record who looks at what. `queryRecords` does it by itself. */
  recordRead(actor: Actor, query: Omit<RecordQuery, 'tenant'>): Promise<void>
  /** Every tool that a server has listed, with what changed and what is wrong with it. */
  reviewTools(actor: Actor, filter: { readonly server?: string }): Promise<readonly ToolReview[]>
  /**
   * Switches one definition on or off.
   * @throws RemitError `role_missing`, `tool_not_seen`, `pin_changed`.
   */
  decideTool(actor: Actor, decision: ToolDecision): Promise<ToolReview>
  /** Records as they come; that somebody reads is for the caller to record (`recordRead`). */
  followRecords(
    actor: Actor,
    follow: {
      readonly after: number | undefined
      readonly most: number
      readonly signal: AbortSignal
    },
  ): AsyncIterable<readonly StoredRecord[]>
  /** @throws RemitError `input_invalid` that names the column; `role_missing`. */
  queryAudit(actor: Actor, asked: AuditQuestion): Promise<FoundPage>
  countAudit(actor: Actor, asked: Omit<AuditQuestion, 'limit'>): Promise<CountedPage>
  /** Values of a field that begin so, as far as the actor may know them. */
  fieldValues(actor: Actor, wish: ValueWish): Promise<readonly string[]>
  searchRecords(actor: Actor, search: RecordSearch): Promise<FoundRecords>
  /** A page of them in a format for others. @throws RemitError `role_missing`. */
  exportRecords(actor: Actor, page: ExportPage): Promise<ExportedPage>
  recordExport(actor: Actor, told: ToldExport): Promise<void>
  queryRecords(actor: Actor, query: Omit<RecordQuery, 'tenant'>): Promise<readonly StoredRecord[]>
  head(
    actor: Actor,
  ): Promise<{ readonly tenant: TenantId; readonly size: number; readonly checkpoint?: string }>
}
