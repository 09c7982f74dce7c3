import { setImmediate } from 'node:timers/promises'
import { type Bits, BLOCK, isEmpty } from './bits.ts'
import { evaluateBlock } from './evaluate-block.ts'
import type { BlockSpan, IndexSource, Postings } from './index-source.ts'
import { mayHold, type Plan, termsOfPlan } from './plan-condition.ts'

/** Blocks that are read together: few at first, since the newest records mostly do. */
const FIRST_WINDOW = 8
const LAST_WINDOW = 256
/** With more terms it is cheaper to seek each once than to read a block too many. */
const MANY_TERMS = 64
const NO_POSTINGS: ReadonlyMap<number, Bits> = new Map()
/** Blocks that one answer looks at: 16 million records. */
export const MOST_BLOCKS = 4_096

export interface Walk {
  readonly plan: Plan
  readonly order: 'newest' | 'oldest'
  /** From this place in the ledger until before that one. */
  readonly from: number
  readonly until: number
}

/** Found places of one block; `empty` ones say how far the walk came. */
export interface Visited {
  readonly block: number
  readonly bits: Bits | undefined
}

/** Looks at the blocks in their order, reading for each term nothing but its rows of those that could hold something. */
export async function* walkIndex(
  source: IndexSource,
  { plan, order, from, until }: Walk,
): AsyncGenerator<Visited> {
  const end = Math.min(until, source.filled)
  if (from >= end) return
  const first = Math.floor(from / BLOCK)
  const last = Math.floor((end - 1) / BLOCK)
  const terms = [...new Set(termsOfPlan(plan))]
  let window = terms.length > MANY_TERMS ? LAST_WINDOW : FIRST_WINDOW
  let at = order === 'newest' ? last : first
  while (at >= first && at <= last) {
    const [low, high] =
      order === 'newest' ? [Math.max(first, at - window + 1), at] : [at, Math.min(last, at + window - 1)]
    yield* visit(source, { plan, terms, order, low, high })
    at = order === 'newest' ? low - 1 : high + 1
    window = Math.min(window * 2, LAST_WINDOW)
    await setImmediate()
  }
}

async function* visit(
  source: IndexSource,
  of: {
    readonly plan: Plan
    readonly terms: readonly number[]
    readonly order: 'newest' | 'oldest'
    readonly low: number
    readonly high: number
  },
): AsyncGenerator<Visited> {
  const { plan, terms, order, low, high } = of
  const spans = (await source.blocks(low, high)).filter((span) => mayHold(plan, edgesOf(span)))
  const ordered = order === 'newest' ? spans.toReversed() : spans
  const [one, other] = [spans.at(0)?.block, spans.at(-1)?.block]
  if (one !== undefined && other !== undefined) {
    const postings = terms.length === 0 ? (new Map() as Postings) : await source.postings(terms, one, other)
    for (const span of ordered) {
      const bits = await evaluateBlock(plan, {
        span,
        postings: postings.get(span.block) ?? NO_POSTINGS,
        times: () => source.times(span.block),
      })
      if (!isEmpty(bits)) yield { block: span.block, bits }
    }
  }
  yield { block: order === 'newest' ? low : high, bits: undefined }
}

function edgesOf({ block, count, low, high }: BlockSpan): {
  readonly from: number
  readonly until: number
  readonly low: number
  readonly high: number
} {
  return { from: block * BLOCK, until: block * BLOCK + count, low, high }
}
