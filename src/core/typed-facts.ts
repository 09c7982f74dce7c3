/** What an administrator may say that an argument of a tool is, so that policies can read it. */
export const FACT_TYPES = [
  'string',
  'boolean',
  'integer',
  'decimal',
  'set',
  'path',
  'url',
  'recipient',
  'money',
] as const
/** Names of facts: words that Cedar takes as they are. */
export const FACT_NAME = /^[a-z][A-Za-z0-9_]{0,63}$/
export type FactType = (typeof FACT_TYPES)[number]

/** A value as policies read it: canonical, and of exactly the declared type. */
export type TypedFact =
  | { readonly type: 'string' | 'path' | 'url' | 'recipient'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'integer'; readonly value: number }
  /** As `-12.3400`: four digits after the point. */
  | { readonly type: 'decimal'; readonly value: string }
  | { readonly type: 'set'; readonly value: readonly string[] }
  | { readonly type: 'money'; readonly value: string; readonly currency: string }

/** The declared facts of one call. */
export interface TypedFacts {
  readonly found: Readonly<Record<string, TypedFact>>
  /** One for each declared fact that is missing or of another type, in words; any denies the call. */
  readonly faults: readonly string[]
}

/** How one argument becomes a fact. */
export interface FactDeclaration {
  readonly name: string
  /** RFC 6901 pointer into the arguments. */
  readonly pointer: string
  readonly type: FactType
  /** For `money`: an ISO 4217 code, or the pointer to one. */
  readonly currency?: string | undefined
  /** A call without the argument simply does not have the fact; absent = it is denied. */
  readonly optional?: boolean | undefined
}
