import type { ApprovalStore, WaitingKey } from '../../approvals/approval-store.ts'
import type { Approval } from '../../core/approval.ts'
import { ASKING_WINDOW, limitReached, type Asked } from '../../core/consent-limits.ts'
import type { Change } from '../../core/change.ts'
import { gravityOf } from '../../core/gravest.ts'
import { RemitError } from '../../core/errors.ts'

export type ApprovalChange = Extract<Change, { kind: `${string}-approval` }>

/** Approvals that last as long as the process. */
export class ApprovalTable {
  /** Oldest first. */
  readonly #approvals = new Map<string, Approval>()

  readonly reader: ApprovalStore = {
    get: (tenant, id) => Promise.resolve(this.#approvals.get(keyOf(tenant, id))),
    findByCall: (tenant, task, call) =>
      Promise.resolve(this.#newest(tenant, (each) => each.task === task && each.call === call)[0]),
    asked: (tenant, root, now) => Promise.resolve(askedOf(this.#newest(tenant, isOf(root)), now)),
    refused: (tenant, root, limit) => {
      const found = this.#newest(tenant, (each) => each.root === root && each.state === 'refused')
      return Promise.resolve(found.slice(0, limit))
    },
    list: (tenant, { state, limit }) => {
      const found = this.#newest(tenant, (each) => state === undefined || each.state === state)
      return Promise.resolve(state === 'pending' ? inTurn(found, limit) : found.slice(0, limit))
    },
    waiting: (tenant, limit) => {
      const found = this.#newest(tenant, ({ state }) => state === 'pending')
      return Promise.resolve(asWaiting(inTurn(found, limit)))
    },
    some: (tenant, ids) => Promise.resolve(ids.flatMap((id) => this.#approvals.get(keyOf(tenant, id)) ?? [])),
    due: (tenant, now, limit) => {
      const found = this.#newest(tenant, (each) => isOpen(each) && each.expires <= now)
      return Promise.resolve(found.toSorted((a, b) => a.expires - b.expires).slice(0, limit))
    },
    made: (tenant, { from, until, limit }) => {
      const found = this.#newest(tenant, ({ created }) => created >= from && created < until)
      return Promise.resolve(found.slice(0, limit))
    },
  }

  /** False = the change conflicts with what is there. */
  admits(change: ApprovalChange): boolean {
    const { approval } = change
    if (this.#openTwin(approval)) return false
    if (change.kind === 'update-approval') {
      const stored = this.#approvals.get(keyOf(approval.tenant, change.from.id))
      return stored?.state === change.from.state && stored.votes.length === change.from.votes
    }
    if (this.#approvals.has(keyOf(approval.tenant, approval.id))) return false
    const { within } = change
    if (within === undefined || approval.root === undefined) return true
    const asked = askedOf(this.#newest(approval.tenant, isOf(approval.root)), approval.created)
    return limitReached(asked, within) === undefined
  }

  /**
   * @returns what takes the change back.
   * @throws RemitError `internal` for one that is not admitted.
   */
  apply(change: ApprovalChange): () => void {
    if (!this.admits(change)) throw new RemitError('internal', 'a change of an approval conflicts')
    const { approval } = change
    const key = keyOf(approval.tenant, approval.id)
    const before = this.#approvals.get(key)
    this.#approvals.set(key, approval)
    return () => {
      if (before === undefined) this.#approvals.delete(key)
      else this.#approvals.set(key, before)
    }
  }

  /** @returns what takes it back; undefined = it is not as expected. */
  erase({ approval, from }: Extract<Change, { kind: 'approval-erased' }>): (() => void) | undefined {
    const key = keyOf(approval.tenant, approval.id)
    const before = this.#approvals.get(key)
    if (before?.state !== from.state || before.votes.length !== from.votes) return undefined
    this.#approvals.set(key, approval)
    return () => this.#approvals.set(key, before)
  }

  /** Another approval of the same task and call stands open, and this one would too. */
  #openTwin(approval: Approval): boolean {
    const { tenant, id, task, call } = approval
    if (!isOpen(approval)) return false
    return this.#approvals
      .values()
      .some(
        (other) =>
          other.id !== id &&
          other.tenant === tenant &&
          other.task === task &&
          other.call === call &&
          isOpen(other),
      )
  }

  #newest(tenant: string, wanted: (approval: Approval) => boolean): readonly Approval[] {
    return [...this.#approvals.values()]
      .filter((approval) => approval.tenant === tenant && wanted(approval))
      .toReversed()
      .toSorted((a, b) => b.created - a.created)
  }
}

/** @param waiting newest first. */
export function inTurn(waiting: readonly Approval[], limit: number): readonly Approval[] {
  const turns = new Map<string, number>()
  const ranked = waiting.map((approval) => {
    const tree = approval.root ?? approval.task
    const turn = (turns.get(tree) ?? 0) + 1
    turns.set(tree, turn)
    return { approval, turn }
  })
  const chosen = new Set(
    ranked
      .toSorted((a, b) => a.turn - b.turn)
      .slice(0, limit)
      .map(({ approval }) => approval),
  )
  return waiting.filter((approval) => chosen.has(approval))
}

/** @param found newest first. */
export function asWaiting(found: readonly Approval[]): readonly WaitingKey[] {
  return found
    .toReversed()
    .toSorted((a, b) => gravityOf(b.gates) - gravityOf(a.gates) || a.created - b.created)
    .map(({ id, task, votes }) => ({ id, task, votes: votes.length }))
}

export function askedOf(ofTree: readonly Approval[], now: number): Asked {
  return {
    open: ofTree.filter(({ state, expires }) => state === 'pending' && expires > now).length,
    recent: ofTree.filter(({ created }) => created > now - ASKING_WINDOW).length,
  }
}

function isOf(root: string): (approval: Approval) => boolean {
  return (approval) => approval.root === root
}

function isOpen({ state }: Approval): boolean {
  return state === 'pending' || state === 'granted'
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\n')
}
