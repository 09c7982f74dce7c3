import { fieldOf } from '../../core/audit-query/fields.ts'
import { type Term, termsOf } from '../../core/audit-query/record-terms.ts'
import type { RecordDetail, RecordEnvelope } from '../../core/record.ts'
import { BLOCK, type Bits, noBits, setBit } from './bits.ts'

export interface TermBits extends Term {
  readonly erasable: boolean
  readonly block: number
  readonly bits: Bits
}

export interface BlockTimes {
  readonly block: number
  readonly times: readonly number[]
}

/** What records that follow one another add to an index. */
export interface IndexBatch {
  readonly terms: readonly TermBits[]
  readonly things: readonly { readonly id: string; readonly index: number }[]
  readonly blocks: readonly BlockTimes[]
}

export interface IndexedRow {
  readonly index: number
  readonly body: string
  readonly detail: string | null
}

/** Of a body that cannot be read any more nothing is found but its place: `remit audit verify` names it. */
export function indexBatch(rows: readonly IndexedRow[]): IndexBatch {
  const terms = new Map<string, TermBits>()
  const things: { id: string; index: number }[] = []
  const blocks = new Map<number, number[]>()
  for (const { index, body, detail } of rows) {
    const block = Math.floor(index / BLOCK)
    const envelope = parsed(body) as RecordEnvelope | undefined
    const at = envelope === undefined ? Number.NaN : Date.parse(envelope.at)
    const times = blocks.get(block) ?? []
    times.push(Number.isNaN(at) ? 0 : at)
    blocks.set(block, times)
    if (envelope === undefined) continue
    const beside =
      envelope.operations === undefined ? undefined : (parsed(detail) as RecordDetail | undefined)
    for (const { field, value } of termsOf(envelope, beside)) {
      if (field === 'id') things.push({ id: value, index })
      else {
        const key = `${block} ${field} ${value}`
        const known = terms.get(key) ?? emptyTerm({ field, value }, block)
        terms.set(key, known)
        setBit(known.bits, index % BLOCK)
      }
    }
  }
  return {
    terms: [...terms.values()],
    things,
    blocks: [...blocks].map(([block, times]) => ({ block, times })),
  }
}

function emptyTerm({ field, value }: Term, block: number): TermBits {
  return { field, value, erasable: fieldOf(field).erasable === true, block, bits: noBits() }
}

function parsed(text: string | null): unknown {
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
