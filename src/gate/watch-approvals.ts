import type { Approval } from '../core/approval.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { isInReach } from './resolve-approval.ts'

/** Changes kept for watchers that are between two requests. */
const KEPT = 1_000

/** The latest changes of approvals on this process, numbered, for long polling. */
export class ApprovalFeed {
  readonly #deps: AdministrationDeps
  readonly #changes: { readonly cursor: number; readonly approval: Approval }[] = []
  readonly #waiting = new Set<() => void>()
  // Never 0, which asks for everything that is pending.
  #cursor = 1

  constructor(deps: AdministrationDeps) {
    this.#deps = deps
    deps.events.onApproval((approval) => {
      this.#cursor += 1
      this.#changes.push({ cursor: this.#cursor, approval })
      if (this.#changes.length > KEPT) this.#changes.shift()
      for (const wake of this.#waiting) wake()
    })
  }

  /** A cursor of 0, or one too old to continue from, answers with everything that is pending. */
  async watch(
    actor: Actor,
    wait: {
      readonly since: number
      readonly timeout: number
      readonly signal: AbortSignal
      readonly most?: number
    },
  ): Promise<{ readonly cursor: number; readonly whole: boolean; readonly approvals: readonly Approval[] }> {
    const oldest = this.#changes[0]?.cursor ?? this.#cursor + 1
    if (wait.since === 0 || wait.since > this.#cursor || wait.since < oldest - 1) {
      const pending = await this.#deps.approvals.list(this.#deps.settings.tenant, {
        state: 'pending',
        limit: wait.most ?? 1_000,
      })
      const approvals = pending.filter((approval) => isInReach(actor, approval))
      return { cursor: this.#cursor, whole: true, approvals }
    }
    if (wait.since === this.#cursor) await this.#next(wait)
    const approvals = this.#changes
      .filter((change) => change.cursor > wait.since && isInReach(actor, change.approval))
      .map((change) => change.approval)
    return { cursor: this.#cursor, whole: false, approvals }
  }

  #next(wait: { readonly timeout: number; readonly signal: AbortSignal }): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        wait.signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, wait.timeout)
      this.#waiting.add(done)
      wait.signal.addEventListener('abort', done, { once: true })
      if (wait.signal.aborted) done()
    })
  }
}
