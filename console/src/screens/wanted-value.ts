import { type FieldName, isField } from '../../../src/core/audit-query/fields.ts'

/** The value that somebody is typing at the end of a query. */
export interface WantedValue {
  readonly field: FieldName
  /** What of the value stands there, without its quote. */
  readonly prefix: string
  readonly quoted: boolean
  /** The query up to the value. */
  readonly before: string
}

const QUOTED = /"(?:[^"\\]|\\.)*"/g
/** `field = val`, `field != "val`, `field in (a, val`; of whole texts in quotes nothing is left to be mistaken. */
const ENDING =
  /(?:^|[\s(])([a-z]+)(?:\s*!?=\s*|\s+in\s*\((?:[^()",]*,)*\s*)("(?:[^"\\]|\\.)*|[^\s()"',=!<>]*)$/
const WORD = /^[^\s()"',=!<>]+$/u

export function wantedValue(query: string): WantedValue | undefined {
  const masked = query.replaceAll(QUOTED, (text) => "'".repeat(text.length))
  const [, field = '', ending = ''] = ENDING.exec(masked) ?? []
  if (!isField(field)) return undefined
  const before = query.slice(0, query.length - ending.length)
  const quoted = ending.startsWith('"')
  const typed = query.slice(before.length + (quoted ? 1 : 0))
  return { field, prefix: typed.replaceAll(/\\(["\\])/g, '$1'), quoted, before }
}

/** The queries that it becomes with one of these values, as far as they go on from what stands there. */
export function withValues(
  { before, prefix, quoted }: WantedValue,
  values: readonly string[],
): readonly string[] {
  return values.flatMap((value) => {
    if (!value.startsWith(prefix) || value === prefix) return []
    if (!quoted && WORD.test(value)) return [`${before}${value}`]
    const text = `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
    return quoted || prefix === '' ? [`${before}${text}`] : []
  })
}
