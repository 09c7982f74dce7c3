import type { Change } from '../../core/change.ts'
import type { Tally } from '../../core/loop.ts'
import type { Halt, Standing } from '../../core/standing.ts'

type StandingChange = Extract<
  Change,
  { kind: 'put-halt' | 'lift-halt' | 'advance-standing' | 'expect-standing' | 'add-tally' }
>

/** What is stopped, and how often things happened, for as long as the process. */
export class StandingTable {
  readonly tallies = new Map<string, Tally>()
  readonly #revisions = new Map<string, number>()
  #halts: readonly Halt[] = []

  standing(tenant: string): Standing {
    const halts = this.#halts.filter((halt) => halt.tenant === tenant)
    return { revision: this.#revisions.get(tenant) ?? 0, halts }
  }

  /** One more thing ended authority. @returns what takes that back. */
  advance(tenant: string): () => void {
    const before = this.#revisions.get(tenant) ?? 0
    this.#revisions.set(tenant, before + 1)
    return () => this.#revisions.set(tenant, before)
  }

  /** @returns false = conflict; `undo` gets what takes an applied change back. */
  apply(change: StandingChange, undo: (() => void)[]): boolean {
    switch (change.kind) {
      case 'expect-standing': {
        return (this.#revisions.get(change.tenant) ?? 0) === change.revision
      }
      case 'put-halt': {
        if (this.#halts.some((halt) => isSame(halt, change.halt))) return false
        this.#set([...this.#halts, change.halt], change.halt.tenant, undo)
        return true
      }
      case 'lift-halt': {
        const rest = this.#halts.filter((halt) => !isSame(halt, change))
        if (rest.length === this.#halts.length) return false
        this.#set(rest, change.tenant, undo)
        return true
      }
      case 'advance-standing': {
        undo.push(this.advance(change.tenant))
        return true
      }
      case 'add-tally': {
        const { tenant, root, what, mark, most = Number.POSITIVE_INFINITY } = change
        const key = [tenant, root, what].join('\n')
        const before = this.tallies.get(key)
        const count = before?.mark === mark ? before.count + 1 : 1
        if (count > most) return false
        this.tallies.set(key, { count, mark })
        undo.push(() => (before === undefined ? this.tallies.delete(key) : this.tallies.set(key, before)))
        return true
      }
      default:
        return change satisfies never
    }
  }

  /** Nothing of this tree was counted. @returns what takes that back. */
  forget(tenant: string, root: string): () => void {
    const of = [...this.tallies].filter(([key]) => key.startsWith(`${tenant}\n${root}\n`))
    for (const [key] of of) this.tallies.delete(key)
    return () => {
      for (const [key, tally] of of) this.tallies.set(key, tally)
    }
  }

  #set(halts: readonly Halt[], tenant: string, undo: (() => void)[]): void {
    const before = this.#halts
    this.#halts = halts
    undo.push(this.advance(tenant), () => (this.#halts = before))
  }
}

type Named = Pick<Halt, 'tenant' | 'target' | 'id'>

function isSame(a: Named, b: Named): boolean {
  return a.tenant === b.tenant && a.target === b.target && a.id === b.id
}
