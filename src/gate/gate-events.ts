import type { Approval } from '../core/approval.ts'
import type { ApprovalId } from '../core/ids.ts'
import type { ListChange } from './gate.ts'

/**
 * What happened on this process, for those who wait. Only a hint: whoever must be sure reads the store, since
 * another replica may have decided.
 */
export class GateEvents {
  readonly #approvals = new Set<(approval: Approval) => void>()
  readonly #erased = new Set<(approval: Approval) => void>()
  readonly #lists = new Set<(change: ListChange) => void>()
  readonly #endings = new Set<() => void>()

  approvalChanged(approval: Approval): void {
    for (const listener of this.#approvals) listener(approval)
  }

  onApproval(listener: (approval: Approval) => void): () => void {
    this.#approvals.add(listener)
    return () => this.#approvals.delete(listener)
  }

  /** What is remembered of it has words that were erased. */
  approvalErased(blank: Approval): void {
    for (const listener of this.#erased) listener(blank)
  }

  onApprovalErased(listener: (blank: Approval) => void): void {
    this.#erased.add(listener)
  }

  /** Something was revoked, completed or stopped: whoever has calls out looks whether theirs still may run. */
  authorityEnded(): void {
    for (const listener of this.#endings) listener()
  }

  onAuthorityEnded(listener: () => void): () => void {
    this.#endings.add(listener)
    return () => this.#endings.delete(listener)
  }

  /** What some task's list shows may be another now; of a task that ended there is nothing more to show. */
  listChanged(change: ListChange = {}): void {
    for (const listener of this.#lists) listener(change)
  }

  onListChanged(listener: (change: ListChange) => void): () => void {
    this.#lists.add(listener)
    return () => this.#lists.delete(listener)
  }

  /** Resolves at the next change of this approval, after `timeout` ms, or when `signal` aborts. */
  nextChange(
    id: ApprovalId,
    wait: { readonly timeout: number; readonly signal: AbortSignal },
  ): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stop()
        clearTimeout(timer)
        wait.signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, wait.timeout)
      const stop = this.onApproval((approval) => {
        if (approval.id === id) done()
      })
      wait.signal.addEventListener('abort', done, { once: true })
      if (wait.signal.aborted) done()
    })
  }
}
