import { matchesPattern } from '../core/pattern.ts'

/**
 * What the claims of a token must be: by name, the patterns of which one must match. `/` leads into an object
 * (`kubernetes.io/namespace`), a list matches where one of its members does, an absent claim matches nothing.
 */
export type ClaimRules = Readonly<Record<string, readonly string[]>>

type Claims = Readonly<Record<string, unknown>>

/** The first claim that is not as it must be; undefined = all are. */
export function unmetClaim(rules: ClaimRules, payload: Claims): string | undefined {
  return Object.keys(rules).find((name) => {
    const texts = claimTexts(payload, name)
    return !texts.some((text) => rules[name]?.some((pattern) => matchesPattern(pattern, text)))
  })
}

/** A claim as texts: numbers and booleans as JSON writes them; anything else that is no text says nothing. */
export function claimTexts(payload: Claims, name: string): readonly string[] {
  let value: unknown = payload
  for (const step of name.split('/')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return []
    value = (value as Readonly<Record<string, unknown>>)[step]
  }
  return [value].flat().flatMap((each) => {
    if (typeof each === 'string') return [each]
    return typeof each === 'number' || typeof each === 'boolean' ? [String(each)] : []
  })
}

/** A claim that is one text. */
export function claimText(payload: Claims, name: string): string | undefined {
  const [text, ...more] = claimTexts(payload, name)
  return more.length === 0 ? text : undefined
}
