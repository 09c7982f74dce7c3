import type { Change } from '../../core/change.ts'
import type { SessionFacts } from '../../core/facts.ts'
import type { Task } from '../../core/identity.ts'
import type { Standing } from '../../core/standing.ts'
import type { TaskChange } from '../changed-task.ts'
import { RecentMap } from './recent-map.ts'
import type { Tally } from '../../core/loop.ts'
import { tallyKey, type FactsOfTree, type PackedTallies } from './writer-messages.ts'

const KEPT = 10_000
const NONE: Tally = { count: 0, mark: 0 }

/**
 * Tasks and facts as the database has them, remembered. This process is the only one that writes, and every
 * write is told here before its caller hears of it: what was acknowledged is never answered otherwise.
 */
export class CommittedTasks {
  readonly #tasks = new RecentMap<Task>(KEPT)
  readonly #facts = new RecentMap<SessionFacts>(KEPT)
  /** A count of 0 = there is none. */
  readonly #tallies = new RecentMap<Tally>(KEPT)
  readonly #standings = new Map<string, Standing>()

  task(tenant: string, id: string, read: () => Task | undefined): Task | undefined {
    const key = keyOf(tenant, id)
    const known = this.#tasks.get(key)
    if (known !== undefined) return known
    const task = read()
    if (task !== undefined) this.#tasks.set(key, task)
    return task
  }

  facts(tenant: string, root: string, read: () => SessionFacts): SessionFacts {
    const key = keyOf(tenant, root)
    const known = this.#facts.get(key)
    if (known !== undefined) return known
    const facts = read()
    this.#facts.set(key, facts)
    return facts
  }

  /** @param read those of the tallies that are not known here, in whatever order. */
  tallies(
    of: { readonly tenant: string; readonly root: string },
    what: readonly string[],
    read: (unknown: readonly string[]) => ReadonlyMap<string, Tally>,
  ): readonly (Tally | undefined)[] {
    const keys = what.map((each) => tallyKey(of.tenant, of.root, each))
    const known = keys.map((key) => this.#tallies.get(key))
    const unknown = what.filter((_, at) => known[at] === undefined)
    const found = unknown.length === 0 ? undefined : read(unknown)
    return what.map((each, at) => {
      const tally = known[at] ?? found?.get(each) ?? NONE
      if (known[at] === undefined) this.#tallies.set(keys[at] ?? '', tally)
      return tally.count === 0 ? undefined : tally
    })
  }

  standing(tenant: string, read: () => Standing): Standing {
    const known = this.#standings.get(tenant)
    if (known !== undefined) return known
    const standing = read()
    this.#standings.set(tenant, standing)
    return standing
  }

  /** A change that was tried, with whatever result: what it is about is read again. */
  touched(change: Change): void {
    if (change.kind === 'insert-task') this.#tasks.delete(keyOf(change.task.tenant, change.task.id))
    if (change.kind === 'task-erased') this.#tasks.delete(keyOf(change.task.tenant, change.task.id))
    if (change.kind === 'tallies-erased') this.#tallies.clear()
    if (change.kind === 'put-halt') this.#standings.delete(change.halt.tenant)
    if (change.kind === 'lift-halt' || change.kind === 'advance-standing')
      this.#standings.delete(change.tenant)
    if (isTaskChange(change)) {
      this.#tasks.delete(keyOf(change.tenant, change.task))
      this.#standings.delete(change.tenant)
    }
  }

  /** What the newest commit made of a tree's facts. */
  counted({ tenant, root, facts }: FactsOfTree): void {
    this.#facts.set(keyOf(tenant, root), facts)
  }

  /** What the newest commit made of tallies. */
  tallied(packed: PackedTallies): void {
    for (let at = 0; at < packed.length; at += 3) {
      this.#tallies.set(String(packed[at]), { count: Number(packed[at + 1]), mark: Number(packed[at + 2]) })
    }
  }

  /** The writer failed, so nobody knows which of its last units are durable: everything is read again. */
  forget(): void {
    this.#tasks.clear()
    this.#facts.clear()
    this.#tallies.clear()
    this.#standings.clear()
  }
}

function keyOf(tenant: string, id: string): string {
  return `${tenant}\n${id}`
}

function isTaskChange(change: Change): change is TaskChange {
  return ['revoke-task', 'complete-task', 'renew-task', 'hold-task'].includes(change.kind)
}
