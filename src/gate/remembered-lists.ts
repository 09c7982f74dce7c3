import type { PolicySet } from '../policy/policy-set.ts'
import type { ListedTool } from './gate.ts'

/** Those of the objects that a verdict depends on which never change themselves: another one, another verdict. */
interface Ground {
  readonly policies: PolicySet
  readonly pins: number
  readonly classifier: object
}

/** Everything that decides what of a list is shown: whom it is for and what they are, by value, in `for`. */
export interface ListQuestion<Tool extends ListedTool = ListedTool> {
  readonly tools: readonly Tool[]
  readonly for: string
  readonly ground: Ground
}

/** What of a list is shown. */
export interface ListVerdict<Tool extends ListedTool = ListedTool> {
  readonly shown: readonly Tool[]
  /** `server/name` of the others. */
  readonly hidden: readonly string[]
}

interface Entry {
  readonly question: ListQuestion
  readonly verdict: ListVerdict
}

/** Verdicts that are kept of lists that begin with the same tool: of as many tasks, or endpoints. */
const KEPT = 64

/**
 * What was shown of lists, so that the same question has the same answer without asking policy of each tool again.
 * A verdict counts only for the very tools, policies, pins and classifier that it was found with, and goes with the
 * session that listed the tools.
 */
export class RememberedLists {
  readonly #byFirst = new WeakMap<ListedTool, Map<string, Entry>>()

  find<Tool extends ListedTool>(question: ListQuestion<Tool>): ListVerdict<Tool> | undefined {
    const [first] = question.tools
    const entries = first === undefined ? undefined : this.#byFirst.get(first)
    const entry = entries?.get(question.for)
    if (entries === undefined || entry === undefined || !isSame(entry.question, question)) return undefined
    entries.delete(question.for)
    entries.set(question.for, entry)
    // INVARIANT: it was found for these very objects.
    return entry.verdict as ListVerdict<Tool>
  }

  /** @returns the verdict; all that are shown the same are given the very same list. */
  keep<Tool extends ListedTool>(question: ListQuestion<Tool>, verdict: ListVerdict<Tool>): ListVerdict<Tool> {
    const [first] = question.tools
    if (first === undefined) return verdict
    const entries = this.#byFirst.get(first) ?? new Map<string, Entry>()
    this.#byFirst.set(first, entries)
    const alike = [...entries.values()].find(({ verdict: { shown } }) => isSameList(shown, verdict.shown))
    const kept = alike === undefined ? verdict : { ...verdict, shown: alike.verdict.shown as readonly Tool[] }
    entries.delete(question.for)
    entries.set(question.for, { question, verdict: kept })
    const [oldest] = entries.keys()
    if (entries.size > KEPT && oldest !== undefined) entries.delete(oldest)
    return kept
  }
}

function isSame(a: ListQuestion, b: ListQuestion): boolean {
  return (
    a.ground.policies === b.ground.policies &&
    a.ground.pins === b.ground.pins &&
    a.ground.classifier === b.ground.classifier &&
    isSameList(a.tools, b.tools)
  )
}

function isSameList(a: readonly ListedTool[], b: readonly ListedTool[]): boolean {
  return a === b || (a.length === b.length && a.every((tool, at) => tool === b[at]))
}
