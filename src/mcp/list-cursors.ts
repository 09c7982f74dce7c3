import type { Entropy } from '../core/clock.ts'
import { RemitError } from '../core/errors.ts'
import type { Exchange } from './exchange.ts'
import { JsonSeal } from './seal-json.ts'

interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor?: string
}

/**
 * Pages of lists (https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/pagination). A cursor says
 * after which item the next page begins, and is sealed to the task, the endpoint and the list. It is good for as long
 * as that item is listed, on every replica, and carries no authority: each page is filtered anew.
 */
export class ListCursors {
  readonly #seal: JsonSeal

  /** @param deps.key 32 bytes, the same on every replica. */
  constructor(deps: { readonly key: Uint8Array; readonly entropy: Entropy }) {
    this.#seal = new JsonSeal({ ...deps, purpose: 'remit list cursor v1' })
  }

  /**
   * The page that was asked for: `whole` itself, where it is all of it.
   * @param nameOf tells items apart: the exposed name or URI.
   * @throws RemitError `params_invalid` for a cursor that was not given here, or whose item is gone.
   */
  page<Item>(
    exchange: Exchange,
    whole: readonly Item[],
    by: { readonly size: number; readonly nameOf: (item: Item) => string },
  ): Page<Item> {
    const from = exchange.params['cursor'] === undefined ? 0 : this.#begin(exchange, whole.map(by.nameOf))
    const items = from === 0 && whole.length <= by.size ? whole : whole.slice(from, from + by.size)
    const last = items.at(-1)
    const until = from + items.length
    if (last === undefined || until >= whole.length) return { items }
    return { items, nextCursor: this.#seal.seal({ ...placeOf(exchange), until, after: by.nameOf(last) }) }
  }

  #begin(exchange: Exchange, names: readonly string[]): number {
    const { cursor } = exchange.params
    const held = typeof cursor === 'string' ? this.#seal.open(cursor) : undefined
    const place = placeOf(exchange)
    if (held === undefined || Object.entries(place).some(([what, value]) => held[what] !== value))
      throw refused()
    const { until, after } = held
    if (typeof until !== 'number' || typeof after !== 'string') throw refused()
    // Something may have come or gone before it; two items may have one URI.
    const at = names[until - 1] === after ? until : names.indexOf(after) + 1
    if (at === 0) throw refused()
    return at
  }
}

function placeOf({ method, caller, naming }: Exchange): {
  readonly list: string
  readonly task: string
  readonly endpoint: string
} {
  return { list: method, task: caller.chain.task.id, endpoint: naming.endpoint }
}

function refused(): RemitError {
  return new RemitError(
    'params_invalid',
    'this `cursor` was not given here, or the list has changed; list without one',
  )
}
