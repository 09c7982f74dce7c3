import { type FieldName, fieldOf } from './fields.ts'

/** What a record has to be. */
export type Condition =
  | { readonly kind: 'is'; readonly field: FieldName; readonly value: string }
  /** `*` stands for any text, also none. */
  | { readonly kind: 'like'; readonly field: FieldName; readonly pattern: string }
  /** Milliseconds since the epoch: from then until before `until`. */
  | { readonly kind: 'time'; readonly from: number; readonly until: number }
  /** Place in the ledger: from it until before `until`. */
  | { readonly kind: 'place'; readonly from: number; readonly until: number }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }

export const EVERYTHING: Condition = { kind: 'all', of: [] }

export function is(field: FieldName, value: string): Condition {
  return { kind: 'is', field, value }
}

/** All of them; one alone stays what it is. */
export function allOf(conditions: readonly Condition[]): Condition {
  const [first] = conditions
  return conditions.length === 1 && first !== undefined ? first : { kind: 'all', of: conditions }
}

/** Fields that it asks about which can be erased. */
export function erasableFields(condition: Condition): readonly FieldName[] {
  if (condition.kind === 'is' || condition.kind === 'like')
    return fieldOf(condition.field).erasable === true ? [condition.field] : []
  if (condition.kind === 'not') return erasableFields(condition.of)
  if (condition.kind === 'time' || condition.kind === 'place') return []
  return condition.of.flatMap(erasableFields)
}
