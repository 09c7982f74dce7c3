import { openGates } from '../approvals/machine.ts'
import type { Approval } from '../core/approval.ts'
import type { ApprovalId } from '../core/ids.ts'
import { loadChain } from '../identity/task-chain.ts'
import { approvalRecord } from './approval-records.ts'
import type { GateDeps } from './gate-deps.ts'
import { isOpenToOthers } from './open-to-others.ts'
import { readWaiting } from './read-waiting.ts'

/** Looked at in one sweep; the rest has its turn when some of them are answered. */
const MOST = 10_000

/**
 * Tells of gates that others may close as well by now: on record, to channels and to whoever watches. Nothing is decided
 * by it: that they may, the clock says. Of many replicas one tells.
 */
export class EscalationTeller {
  readonly #deps: GateDeps
  /** Requests that ask nobody else, or of which was told. */
  readonly #done = new Set<ApprovalId>()

  constructor(deps: GateDeps) {
    this.#deps = deps
  }

  /** @returns how many requests it told of. */
  async tell(): Promise<number> {
    const { approvals, settings } = this.#deps
    if (!this.#anyEscalates()) return 0
    const keys = await approvals.waiting(settings.tenant, MOST)
    const waiting = new Set(keys.map(({ id }) => id))
    for (const id of this.#done) if (!waiting.has(id)) this.#done.delete(id)
    const news = keys.filter(({ id }) => !this.#done.has(id))
    let told = 0
    for await (const page of readWaiting(approvals, settings.tenant, news)) {
      for (const approval of page) if (await this.#look(approval)) told += 1
    }
    return told
  }

  #anyEscalates(): boolean {
    const set = this.#deps.policies.current()
    return set.policies.some(({ id }) => set.gatesOf(id)?.escalateTo !== undefined)
  }

  async #look(approval: Approval): Promise<boolean> {
    const { tasks, policies } = this.#deps
    const told = approval.escalated ?? []
    const left = openGates(approval).filter(
      ({ gate }) => gate.escalateTo !== undefined && !told.includes(gate.scope),
    )
    if (left.length === 0 || approval.state !== 'pending') {
      if (approval.gates.every(({ escalateTo, scope }) => escalateTo === undefined || told.includes(scope)))
        this.#done.add(approval.id)
      return false
    }
    const chain = await loadChain(tasks, approval.tenant, approval.task)
    const request = { approval, chain, policies: policies.current() }
    const scopes = left
      .map(({ gate }) => gate)
      .filter((gate) => isOpenToOthers(this.#deps, request, gate))
      .map(({ scope }) => scope)
    if (scopes.length === 0) return false
    return this.#commit({ ...approval, escalated: [...new Set([...told, ...scopes])] }, chain)
  }

  /** False when another replica told, or it was decided in the meantime. */
  async #commit(to: Approval, chain: Awaited<ReturnType<typeof loadChain>>): Promise<boolean> {
    const { clock, events, journal } = this.#deps
    const { tenant, id, state, votes, root = to.task, escalated = [] } = to
    const record = approvalRecord(this.#deps, {
      kind: 'approval.escalated',
      approval: to,
      chain,
      now: clock.now(),
    })
    const outcome = await journal.commit({
      records: [record],
      changes: [
        { kind: 'add-tally', tenant, root, what: `escalated ${id}`, mark: escalated.length, most: 1 },
        { kind: 'update-approval', from: { id, state, votes: votes.length }, approval: to },
      ],
    })
    if (outcome === 'committed') events.approvalChanged(to)
    return outcome === 'committed'
  }
}
