import type { StoredRecord } from '../../audit/record-reader.ts'
import type { ErasureChange, ErasureSelection } from '../../core/erasure.ts'
import type { ApprovalId, GrantId, TaskId } from '../../core/ids.ts'
import { chainState, type Task } from '../../core/identity.ts'
import { loadChain } from '../../identity/task-chain.ts'
import type { AdministrationDeps } from '../administration-deps.ts'
import { blankApproval, blankGrant, blankTask, isBlank, withoutWordsOf } from './blank-rows.ts'

export type RowDeps = Pick<AdministrationDeps, 'tasks' | 'approvals' | 'grants' | 'clock' | 'settings'>

/** What repeats the content of records: ids, and the changes that blank it. */
export interface BlankedRows {
  readonly changes: readonly ErasureChange[]
  readonly approvals: readonly string[]
  readonly grants: readonly string[]
  readonly tasks: readonly string[]
  /** Tasks that still run, or are still asked about: what they are working with stays until they end. */
  readonly live: readonly string[]
}

/**
 * The approvals, grants and tasks behind these records, blanked where their task has ended. While one runs, its refusals
 * and grants decide about calls: an erasure takes no decision back.
 */
export async function blankRows(
  deps: RowDeps,
  selection: ErasureSelection,
  records: readonly StoredRecord[],
): Promise<BlankedRows> {
  const rows = new RowsOfRecords(deps, selection)
  const { approvals, grants, tasks } = namedBy(records)
  for (const id of approvals) await rows.approval(id as ApprovalId)
  for (const id of grants) await rows.grant(id as GrantId)
  for (const id of tasks) await rows.task(id as TaskId)
  return rows
}

class RowsOfRecords implements BlankedRows {
  readonly changes: ErasureChange[] = []
  readonly approvals: string[] = []
  readonly grants: string[] = []
  readonly tasks: string[] = []
  readonly #live = new Set<string>()
  readonly #ended = new Map<string, boolean>()
  readonly #deps: RowDeps
  readonly #selection: ErasureSelection

  constructor(deps: RowDeps, selection: ErasureSelection) {
    this.#deps = deps
    this.#selection = selection
  }

  get live(): readonly string[] {
    return [...this.#live]
  }

  async approval(id: ApprovalId): Promise<void> {
    const approval = await this.#deps.approvals.get(this.#deps.settings.tenant, id)
    if (approval === undefined || isBlank(approval) || !this.#isOld(approval)) return
    const { human } = this.#selection
    const theirs = human === undefined || approval.human === human
    const blank = theirs ? blankApproval(approval) : withoutWordsOf(human, approval)
    if (blank === undefined || !(await this.#hasEnded(approval.task))) return
    // Nobody can use it any more; it is closed as one that ran out, and erased when this is asked for again.
    if (approval.state === 'pending' || approval.state === 'granted') {
      this.#live.add(approval.task)
      return
    }
    const from = { state: approval.state, votes: approval.votes.length }
    this.changes.push({ kind: 'approval-erased', approval: blank, from })
    this.approvals.push(id)
  }

  async grant(id: GrantId): Promise<void> {
    const grant = await this.#deps.grants.get(this.#deps.settings.tenant, id)
    if (grant === undefined || isBlank(grant) || !this.#isOld(grant)) return
    if (!this.#isTheirs(grant) || !(await this.#hasEnded(grant.task))) return
    this.changes.push({ kind: 'grant-erased', grant: blankGrant(grant) })
    this.grants.push(id)
  }

  async task(id: TaskId): Promise<void> {
    const { tenant } = this.#deps.settings
    const task = await this.#deps.tasks.get(tenant, id)
    if (task === undefined || isBlank(task) || !this.#isTheirs(task) || !this.#isOld(endOf(task))) return
    if (!(await this.#hasEnded(id))) return
    this.changes.push({ kind: 'task-erased', task: blankTask(task) })
    this.changes.push({ kind: 'tallies-erased', tenant, root: id })
    this.tasks.push(id)
  }

  #isTheirs({ human }: { readonly human: string }): boolean {
    return this.#selection.human === undefined || this.#selection.human === human
  }

  #isOld({ created }: { readonly created: number }): boolean {
    return this.#selection.before === undefined || created < this.#selection.before
  }

  /** One that cannot be loaded lets nothing run. */
  async #hasEnded(task: TaskId): Promise<boolean> {
    const { tasks, settings, clock } = this.#deps
    const known = this.#ended.get(task)
    if (known !== undefined) return known
    const chain = await loadChain(tasks, settings.tenant, task)
    const ended = chain === undefined || chainState(chain, clock.now()).state !== 'active'
    this.#ended.set(task, ended)
    if (!ended) this.#live.add(task)
    return ended
  }
}

function endOf({ expires, revoked, completed }: Task): { readonly created: number } {
  return { created: Math.min(expires, revoked?.at ?? Infinity, completed?.at ?? Infinity) }
}

function namedBy(records: readonly StoredRecord[]): {
  readonly [Rows in 'approvals' | 'grants' | 'tasks']: ReadonlySet<string>
} {
  const named = records.flatMap(({ envelope }) => {
    const { id, approval, grant, glass, identity, data } = envelope
    return [id, approval?.id, glass?.id, grant?.id, identity?.task, data?.['task']]
  })
  const of = (prefix: string): ReadonlySet<string> =>
    new Set(named.filter((one) => typeof one === 'string' && one.startsWith(prefix)) as string[])
  return { approvals: of('apr_'), grants: of('grt_'), tasks: of('tsk_') }
}
