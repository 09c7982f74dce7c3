import type { TypedFact, TypedFacts } from '../core/typed-facts.ts'
import { parseDecimal } from './extensions/decimal.ts'
import { CedarRecord, EMPTY_RECORD, recordOf, RecordShape, setOf, type Value } from './values.ts'

const MONEY = new RecordShape(['amount', 'currency'])

/** `context.facts`: values are made as values, so that no text in an argument can become an entity or an expression. */
export function typedValue(typed: TypedFacts | undefined): CedarRecord {
  if (typed === undefined) return EMPTY_RECORD
  return recordOf(Object.entries(typed.found).map(([name, fact]) => [name, valueOf(fact)]))
}

function valueOf(fact: TypedFact): Value {
  if (fact.type === 'decimal') return parseDecimal(fact.value)
  if (fact.type === 'money') return new CedarRecord(MONEY, [parseDecimal(fact.value), fact.currency])
  if (fact.type === 'set') return setOf(fact.value)
  return fact.value
}
