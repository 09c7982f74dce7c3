import type { Condition } from '../../core/audit-query/condition.ts'
import { fieldOf } from '../../core/audit-query/fields.ts'
import { matchesText } from '../../core/audit-query/matches-text.ts'
import { LONGEST_TERM } from '../../core/audit-query/record-terms.ts'
import { RemitError } from '../../core/errors.ts'
import type { IndexSource } from './index-source.ts'

/** A condition in the terms of an index. */
export type Plan =
  | { readonly kind: 'terms'; readonly ids: ReadonlySet<number> }
  | { readonly kind: 'places'; readonly places: readonly number[] }
  | { readonly kind: 'time'; readonly from: number; readonly until: number }
  | { readonly kind: 'place'; readonly from: number; readonly until: number }
  | { readonly kind: 'all'; readonly of: readonly Plan[] }
  | { readonly kind: 'any'; readonly of: readonly Plan[] }
  | { readonly kind: 'not'; readonly of: Plan }

/** Values that a pattern may fit, and values that are looked at for it. */
const MOST_FIT = 10_000
const MOST_VALUES = 20_000

/** @throws RemitError `input_invalid` for a pattern that fits too much. */
export async function planCondition(source: IndexSource, condition: Condition): Promise<Plan> {
  switch (condition.kind) {
    case 'is': {
      const value = condition.value.slice(0, LONGEST_TERM)
      if (condition.field === 'id') return { kind: 'places', places: await source.thing(value) }
      const id = await source.term(condition.field, value)
      return { kind: 'terms', ids: new Set(id === undefined ? [] : [id]) }
    }
    case 'like':
      return { kind: 'terms', ids: new Set(await termsLike(source, condition)) }
    case 'all':
    case 'any':
      return {
        kind: condition.kind,
        of: await Promise.all(condition.of.map((each) => planCondition(source, each))),
      }
    case 'not':
      return { kind: 'not', of: await planCondition(source, condition.of) }
    case 'time':
    case 'place':
      return condition
  }
}

async function termsLike(
  source: IndexSource,
  { field, pattern }: Extract<Condition, { kind: 'like' }>,
): Promise<readonly number[]> {
  const prefix = pattern.slice(0, pattern.indexOf('*'))
  const asked = `\`${field}\` like \`${pattern}\``
  if (field === 'id')
    throw new RemitError('input_invalid', `${asked}: an id is found whole only, without \`*\``)
  if (fieldOf(field).open === true && prefix === '')
    throw new RemitError(
      'input_invalid',
      `${asked} would look at every value there is: begin it with what it begins with, such as \`src/*\``,
    )
  const values = await source.terms(field, prefix, MOST_VALUES + 1)
  const fit = values.filter(({ value }) => matchesText(pattern, value))
  if (values.length > MOST_VALUES || fit.length > MOST_FIT)
    throw new RemitError(
      'input_invalid',
      `${asked} fits more than ${MOST_FIT} values; say more of its beginning`,
    )
  return fit.map(({ id }) => id)
}

export function termsOfPlan(plan: Plan): readonly number[] {
  if (plan.kind === 'terms') return [...plan.ids]
  if (plan.kind === 'not') return termsOfPlan(plan.of)
  return plan.kind === 'all' || plan.kind === 'any' ? plan.of.flatMap(termsOfPlan) : []
}

/** Whether any record of a block could be what a plan says, from what is known of the block as a whole. */
export function mayHold(
  plan: Plan,
  block: { readonly from: number; readonly until: number; readonly low: number; readonly high: number },
): boolean {
  switch (plan.kind) {
    case 'terms':
      return plan.ids.size > 0
    case 'places':
      return plan.places.some((place) => place >= block.from && place < block.until)
    case 'time':
      return block.high >= plan.from && block.low < plan.until
    case 'place':
      return plan.from < block.until && plan.until > block.from
    case 'all':
      return plan.of.every((each) => mayHold(each, block))
    case 'any':
      return plan.of.some((each) => mayHold(each, block))
    case 'not':
      return true
  }
}
