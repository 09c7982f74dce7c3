import {
  addAll,
  bitsBetween,
  type Bits,
  BLOCK,
  isEmpty,
  keepCommon,
  noBits,
  removeAll,
  setBit,
} from './bits.ts'
import { timeAt } from './block-times.ts'
import type { BlockSpan } from './index-source.ts'
import type { Plan } from './plan-condition.ts'

export interface OpenBlock {
  readonly span: BlockSpan
  /** By term. */
  readonly postings: ReadonlyMap<number, Bits>
  times(): Promise<Uint8Array>
}

/** Which records of a block are what a plan says. */
export async function evaluateBlock(plan: Plan, block: OpenBlock): Promise<Bits> {
  const { span } = block
  const start = span.block * BLOCK
  switch (plan.kind) {
    case 'terms':
      return withTerms(plan.ids, block.postings)
    case 'places': {
      const found = noBits()
      for (const place of plan.places)
        if (place >= start && place < start + span.count) setBit(found, place - start)
      return found
    }
    case 'place':
      return bitsBetween(plan.from - start, Math.min(plan.until - start, span.count))
    case 'time':
      return inTime(plan, block)
    case 'not': {
      const found = bitsBetween(0, span.count)
      removeAll(found, await evaluateBlock(plan.of, block))
      return found
    }
    case 'any': {
      const found = noBits()
      for (const each of plan.of) addAll(found, await evaluateBlock(each, block))
      return found
    }
    case 'all': {
      const found = bitsBetween(0, span.count)
      for (const each of plan.of) {
        if (isEmpty(found)) break
        keepCommon(found, await evaluateBlock(each, block))
      }
      return found
    }
  }
}

/** A pattern may have thousands of terms, and a block rows of a few of them, or the other way round. */
function withTerms(ids: ReadonlySet<number>, postings: ReadonlyMap<number, Bits>): Bits {
  const found = noBits()
  if (ids.size > postings.size) {
    for (const [id, bits] of postings) if (ids.has(id)) addAll(found, bits)
    return found
  }
  for (const id of ids) {
    const bits = postings.get(id)
    if (bits !== undefined) addAll(found, bits)
  }
  return found
}

async function inTime({ from, until }: Extract<Plan, { kind: 'time' }>, block: OpenBlock): Promise<Bits> {
  const { span } = block
  if (span.low >= from && span.high < until) return bitsBetween(0, span.count)
  if (span.high < from || span.low >= until) return noBits()
  const packed = await block.times()
  const found = noBits()
  for (let place = 0; place < span.count; place++) {
    const at = timeAt(packed, place)
    if (at >= from && at < until) setBit(found, place)
  }
  return found
}
