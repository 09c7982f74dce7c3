import type { WaitingKey } from '../approvals/approval-store.ts'
import type { Approval } from '../core/approval.ts'
import type { ApprovalId } from '../core/ids.ts'
import type { Actor, Administration } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { reachesApproval } from './reach.ts'
import { readWaiting } from './read-waiting.ts'

/** Changes kept for watchers that are between two requests. */
const KEPT = 1_000
/** Requests that a look keeps in mind; of more, what other replicas did to the rest shows when it is asked for anew. */
const MOST = 100_000
/** Milliseconds between two looks at what other replicas did, while anybody watches. */
const LOOK = 3_000

type Wait = Parameters<Administration['watchApprovals']>[1]

/**
 * The latest changes of approvals, numbered, for long polling: those of this process as they happen, those of other
 * replicas within seconds, by comparing what waits in the store with what waited.
 */
export class ApprovalFeed {
  readonly #deps: AdministrationDeps
  readonly #look: number
  readonly #changes: { readonly cursor: number; approval: Approval }[] = []
  readonly #waiting = new Set<() => void>()
  // Never 0, which asks for everything that is pending.
  #cursor = 1
  /** Votes of each request that waits, as far as this process knows; absent = nobody watched yet. */
  #known: Map<ApprovalId, number> | undefined
  #looking: Promise<void> | undefined
  #lookedAt = -Infinity

  constructor(deps: AdministrationDeps, look = LOOK) {
    this.#deps = deps
    this.#look = look
    deps.events.onApproval((approval) => this.#changed(approval))
    deps.events.onApprovalErased((blank) => this.#erased(blank))
  }

  /** A cursor of 0, or one too old to continue from, answers with everything that is pending. */
  async watch(actor: Actor, wait: Wait): ReturnType<Administration['watchApprovals']> {
    const oldest = this.#changes[0]?.cursor ?? this.#cursor + 1
    if (wait.since === 0 || wait.since > this.#cursor || wait.since < oldest - 1) {
      // What changes from here on is told by its number, or by the next look.
      const cursor = this.#cursor
      await this.#lookElsewhere()
      const approvals = await this.#pending(actor, wait.most ?? 1_000)
      return { cursor, whole: true, approvals }
    }
    const ends = Date.now() + wait.timeout
    let looked = wait.since
    for (;;) {
      const cursor = this.#cursor
      const approvals = this.#inReach(actor, looked)
      const left = ends - Date.now()
      // What is out of reach does not wake: when others are asked, and how often, would show.
      if (approvals.length > 0 || left <= 0 || wait.signal.aborted) return { cursor, whole: false, approvals }
      looked = cursor
      await this.#next(Math.min(left, this.#look), wait.signal)
      if (looked === this.#cursor) await this.#lookElsewhere()
    }
  }

  #inReach(actor: Actor, after: number): readonly Approval[] {
    return this.#changes
      .filter((change) => change.cursor > after && reachesApproval(this.#deps, actor, change.approval))
      .map((change) => change.approval)
  }

  async #pending(actor: Actor, most: number): Promise<readonly Approval[]> {
    if (most === 0) return []
    const { approvals, settings } = this.#deps
    const pending = await approvals.list(settings.tenant, { state: 'pending', limit: most })
    return pending.filter((approval) => reachesApproval(this.#deps, actor, approval))
  }

  #erased(blank: Approval): void {
    for (const change of this.#changes) if (change.approval.id === blank.id) change.approval = blank
  }

  #changed(approval: Approval): void {
    if (approval.state === 'pending') this.#known?.set(approval.id, approval.votes.length)
    else this.#known?.delete(approval.id)
    this.#cursor += 1
    this.#changes.push({ cursor: this.#cursor, approval })
    if (this.#changes.length > KEPT) this.#changes.shift()
    for (const wake of this.#waiting) wake()
  }

  /** One look for all who wait, and none so soon after the last. */
  #lookElsewhere(): Promise<void> {
    this.#looking ??= this.#compare().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #compare(): Promise<void> {
    const { approvals, settings } = this.#deps
    if (Date.now() - this.#lookedAt < this.#look) return
    this.#lookedAt = Date.now()
    const keys = await approvals.waiting(settings.tenant, MOST)
    const known = this.#known
    if (known === undefined) {
      this.#known = new Map(keys.map(({ id, votes }) => [id, votes]))
      return
    }
    for await (const page of readWaiting(approvals, settings.tenant, differing(known, keys))) {
      // What happened here meanwhile has been told already.
      for (const approval of page) if (isNews(approval, known)) this.#changed(approval)
    }
  }

  #next(millis: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, millis)
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted) done()
    })
  }
}

/** Those that came, that changed, and that wait no longer. */
function differing(
  known: ReadonlyMap<ApprovalId, number>,
  keys: readonly WaitingKey[],
): readonly Pick<WaitingKey, 'id'>[] {
  const now = new Set(keys.map(({ id }) => id))
  const gone = [...known.keys()].filter((id) => !now.has(id)).map((id) => ({ id }))
  return [...keys.filter(({ id, votes }) => known.get(id) !== votes), ...gone]
}

function isNews({ id, state, votes }: Approval, known: ReadonlyMap<ApprovalId, number>): boolean {
  return state === 'pending' ? known.get(id) !== votes.length : known.has(id)
}
