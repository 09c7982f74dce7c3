import { randomUUID } from 'node:crypto'
import { offeredAs, type Asked, type Chosen, type Mind, type Step } from '../../test/agents/model/script.ts'
import type { Hands } from './hands.ts'
import { ordersIn, type Order } from './order.ts'

/** How often it does what it is told to do without end. */
export const PATIENCE = 8

/** An order that it obeyed. */
export interface Attempt {
  readonly order: Order
  /** Ids of the uses of tools by which it did. */
  readonly uses: readonly string[]
}

interface Work {
  readonly step: Step
  readonly attempt?: { readonly order: Order; readonly uses: string[] }
}

/**
 * A model that believes whatever it reads: it works on its task, and what any text on the way orders it does at once. Of
 * orders it knows what it was handed alone.
 */
export class ObedientModel implements Mind {
  /** What its tools answered, as it was handed them. */
  readonly seen: string[] = []
  /** Tools that it would have used and was not offered. */
  readonly missing: string[] = []
  readonly #hands: Hands
  readonly #attempts = new Map<string, { readonly order: Order; readonly uses: string[] }>()
  readonly #said: Chosen[] = []
  #ahead: Work[]

  constructor(hands: Hands, task: readonly Order[]) {
    this.#hands = hands
    this.#ahead = task.flatMap((order) => hands(order)).map((step) => ({ step }))
  }

  get attempts(): readonly Attempt[] {
    return [...this.#attempts.values()]
  }

  next({ tools, results }: Asked): Chosen {
    if (tools.length === 0) return { kind: 'text', text: '{"title":"t","isNewTopic":false}' }
    // What was asked before, such as after a lost answer, is answered as before.
    const before = this.#said[results.length]
    if (before !== undefined) return before
    for (const result of results.slice(this.seen.length)) {
      this.seen.push(result)
      this.#obey(result)
    }
    const chosen = this.#choose(tools)
    this.#said.push(chosen)
    return chosen
  }

  #obey(text: string): void {
    const fresh = ordersIn(text).filter((order) => !this.#attempts.has(JSON.stringify(order)))
    const work = fresh.flatMap((order) => {
      const attempt = { order, uses: [] }
      this.#attempts.set(JSON.stringify(order), attempt)
      const times = order.do === 'run' && order.endlessly === true ? PATIENCE : 1
      return Array.from({ length: times }, () => this.#hands(order).map((step) => ({ step, attempt }))).flat()
    })
    this.#ahead.unshift(...work)
  }

  #choose(tools: readonly string[]): Chosen {
    for (;;) {
      const work = this.#ahead.shift()
      if (work === undefined) return { kind: 'text', text: 'The test passes.' }
      const { step, attempt } = work
      if ('text' in step) return { kind: 'text', text: step.text }
      const name = offeredAs(tools, step.tool)
      if (name === undefined) {
        this.missing.push(step.tool)
        continue
      }
      const use = `toolu_${randomUUID().replaceAll('-', '').slice(0, 24)}`
      attempt?.uses.push(use)
      return { kind: 'tool', name, args: step.args, use }
    }
  }
}
