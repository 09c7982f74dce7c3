import type { ApprovalStore } from '../../approvals/approval-store.ts'
import type { GrantStore } from '../../approvals/grant-store.ts'
import type { Journal } from '../../audit/journal.ts'
import type { RecordReader } from '../../audit/record-reader.ts'
import type { RecordSearcher } from '../../audit/record-search.ts'
import type { Approval } from '../../core/approval.ts'
import type { Change } from '../../core/change.ts'
import { isErasureChange } from '../../core/erasure.ts'
import { NO_HISTORY, type SessionFacts } from '../../core/facts.ts'
import type { ApprovalId, Digest, TaskId } from '../../core/ids.ts'
import type { Task } from '../../core/identity.ts'
import { NOTHING_STOPPED } from '../../core/standing.ts'
import type { PinStore } from '../../gate/pins/pin-store.ts'
import type { TaskStore } from '../../identity/task-store.ts'
import { joinFacts, staysWithin } from '../../store/join-facts.ts'
import { GrantTable, type GrantChange } from '../../store/memory/grant-table.ts'

/** Approvals, and grants, kept; an older one is forgotten, and its call asks anew. */
const MOST_APPROVALS = 10_000

/**
 * What decisions depend on and nothing else: tasks, facts and the newest approvals. Records are dropped, so that a
 * long stream takes no more memory than a short one. One tenant, one caller at a time.
 */
export class EvaluationStore {
  readonly #tasks = new Map<TaskId, Task>()
  readonly #facts = new Map<TaskId, SessionFacts>()
  readonly #approvals = new Map<ApprovalId, Approval>()
  readonly #byCall = new Map<string, ApprovalId>()
  readonly #refused = new Map<TaskId, readonly Approval[]>()

  readonly journal: Journal = {
    commit: ({ changes }) => {
      const conflicts = changes.some((change, at) => this.#conflicts(change, changes.slice(0, at)))
      if (conflicts) return Promise.resolve('conflict')
      for (const change of changes) this.#apply(change)
      return Promise.resolve('committed')
    },
  }

  readonly tasks: TaskStore = {
    get: (_tenant, id) => Promise.resolve(this.#tasks.get(id)),
    list: (_tenant, limit) => Promise.resolve([...this.#tasks.values()].toReversed().slice(0, limit)),
    facts: (_tenant, root) => Promise.resolve(this.#facts.get(root) ?? NO_HISTORY),
    children: () => Promise.resolve([]),
    tallies: (_tenant, _root, what) => what.map(() => undefined),
    standing: () => NOTHING_STOPPED,
  }

  readonly approvals: ApprovalStore = {
    get: (_tenant, id) => Promise.resolve(this.#approvals.get(id)),
    findByCall: (_tenant, task, call) => Promise.resolve(this.#newest(task, call)),
    // What a recorded session asked is not counted: it may have asked as much as it liked.
    asked: () => Promise.resolve({ open: 0, recent: 0 }),
    refused: (_tenant, root, limit) => Promise.resolve((this.#refused.get(root) ?? []).slice(0, limit)),
    list: (_tenant, { state, limit }) =>
      Promise.resolve(
        [...this.#approvals.values()]
          .toReversed()
          .filter((approval) => state === undefined || approval.state === state)
          .slice(0, limit),
      ),
    // Nobody looks at an inbox of what was recorded, and nothing runs out in it.
    waiting: () => Promise.resolve([]),
    some: (_tenant, ids) => Promise.resolve(ids.flatMap((id) => this.#approvals.get(id) ?? [])),
    due: () => Promise.resolve([]),
    made: () => Promise.resolve([]),
  }

  readonly pins: PinStore = { list: () => Promise.resolve([]) }
  readonly #grants = new GrantTable(MOST_APPROVALS)
  readonly grants: GrantStore = this.#grants.reader

  readonly search: RecordSearcher = {
    find: () => Promise.resolve({ records: [] }),
    count: () => Promise.resolve({ count: 0 }),
    values: () => Promise.resolve([]),
  }

  readonly records: RecordReader = {
    query: () => Promise.resolve([]),
    head: () => Promise.resolve({ size: 0 }),
  }

  /** What a gate reads and writes. */
  get parts(): Pick<EvaluationStore, 'tasks' | 'approvals' | 'grants' | 'journal' | 'records' | 'search'> {
    const { tasks, approvals, grants, journal, records, search } = this
    return { tasks, approvals, grants, journal, records, search }
  }

  /** A session that is over, or that the stream has not named for long. */
  forget(task: TaskId): void {
    this.#tasks.delete(task)
    this.#facts.delete(task)
    this.#refused.delete(task)
  }

  get sizes(): { readonly tasks: number; readonly approvals: number } {
    return { tasks: this.#tasks.size, approvals: this.#approvals.size }
  }

  #newest(task: TaskId, call: Digest): Approval | undefined {
    const id = this.#byCall.get(callKey(task, call))
    return id === undefined ? undefined : this.#approvals.get(id)
  }

  /** INVARIANT: as in every store, one call of a task has at most one approval that stands open. */
  #conflicts(change: Change, earlier: readonly Change[]): boolean {
    if (change.kind === 'insert-approval') {
      const twin = this.#newest(change.approval.task, change.approval.call)
      if (twin === undefined || !isOpen(twin)) return false
      return !earlier.some(
        (one) => one.kind === 'update-approval' && one.from.id === twin.id && !isOpen(one.approval),
      )
    }
    if (change.kind === 'add-facts') {
      return !staysWithin(this.#facts.get(change.root) ?? NO_HISTORY, change.add, change.limits ?? {})
    }
    if (isGrantChange(change)) return !this.#admitsGrant(change, earlier)
    if (change.kind !== 'update-approval') return false
    const stored = this.#approvals.get(change.from.id)
    return stored?.state !== change.from.state || stored.votes.length !== change.from.votes
  }

  /** One for the same work that is revoked in the same unit makes room for the next. */
  #admitsGrant(change: GrantChange, earlier: readonly Change[]): boolean {
    return this.#grants.admits(change) || earlier.some(({ kind }) => kind === 'revoke-grant')
  }

  #apply(change: Change): void {
    // Nothing is kept that could be erased.
    if (isErasureChange(change)) return
    switch (change.kind) {
      case 'insert-task':
        this.#tasks.set(change.task.id, change.task)
        return
      case 'revoke-task': {
        const { task: id, at, by, reason } = change
        const task = this.#tasks.get(id)
        if (task !== undefined) this.#tasks.set(id, { ...task, revoked: { at, by, reason } })
        return
      }
      case 'complete-task':
      case 'renew-task':
      case 'hold-task':
      case 'put-halt':
      case 'lift-halt':
      case 'advance-standing':
      case 'expect-standing':
      case 'add-tally':
        // Nobody stops or renews a recorded session, and a stream of 10⁵ lines is no loop.
        return
      case 'insert-approval':
        this.#keep(change.approval)
        return
      case 'update-approval':
        this.#update(change.approval)
        return
      case 'put-pin':
        // The board, which is this process alone, has it.
        return
      case 'put-secret':
      case 'reseal-secret':
      case 'remove-secret':
        // Nothing is forwarded, so nothing needs a credential.
        return
      case 'insert-grant':
      case 'use-grant':
      case 'revoke-grant':
        this.#grants.apply(change)
        return
      case 'add-facts':
        this.#facts.set(change.root, joinFacts(this.#facts.get(change.root) ?? NO_HISTORY, change.add))
        return
      case 'put-delivery':
      case 'remove-delivery':
      case 'put-oauth':
      case 'consume-oauth':
      case 'remove-oauth':
        // Nobody is told, and nobody logs in.
        return
      default:
        change satisfies never
    }
  }

  #update(approval: Approval): void {
    const { id, root, state } = approval
    this.#approvals.set(id, approval)
    if (state === 'refused' && root !== undefined)
      this.#refused.set(root, [approval, ...(this.#refused.get(root) ?? [])])
  }

  /** Without the prompt, which nobody is shown here. */
  #keep(approval: Approval): void {
    this.#approvals.set(approval.id, { ...approval, prompt: '' })
    this.#byCall.set(callKey(approval.task, approval.call), approval.id)
    if (this.#approvals.size <= MOST_APPROVALS) return
    const [oldest] = this.#approvals.values()
    if (oldest === undefined) return
    this.#approvals.delete(oldest.id)
    const key = callKey(oldest.task, oldest.call)
    if (this.#byCall.get(key) === oldest.id) this.#byCall.delete(key)
  }
}

function isGrantChange(change: Change): change is GrantChange {
  return change.kind.endsWith('-grant')
}

function isOpen({ state }: Approval): boolean {
  return state === 'pending' || state === 'granted'
}

function callKey(task: TaskId, call: Digest): string {
  return `${task} ${call}`
}
