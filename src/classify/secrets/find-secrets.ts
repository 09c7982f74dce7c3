import { createKeywordIndex } from './keyword-index.ts'
import { isNamedHarmless } from './harmless-names.ts'
import { entropyOf, isPlaceholder, looksRandom } from './placeholder.ts'
import { SECRET_RULES, type SecretRule } from './rules.ts'

/** A secret in a text: what it is a secret of, and the half-open range of UTF-16 code units that it takes. */
export interface SecretFind {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** The finds, and whether the whole text was searched: beyond the bounds nothing is known of the rest. */
export interface SecretSearch {
  readonly finds: readonly SecretFind[]
  readonly complete: boolean
  /** Windows that expressions looked at: what it cost, some 30 µs each at worst. */
  readonly windows: number
}

/** UTF-16 code units of a text that are searched. */
export const MAX_SEARCHED = 1_048_576
const MAX_FINDS = 500
const MAX_WINDOWS = 6_000

/** Kinds that say where a value stood, not what it is. */
const VAGUE = /^(?:generic-|quoted-|bearer-|authorization-|curl-|environment-|npmrc-|credential of)/

/** Rules whose form ordinary words have too. */
const GENERAL: ReadonlySet<string> = new Set(['generic-api-key', 'vault-service-token'])
/** A place or a path is none, though it stands where a password does. */
const PLACE = /^['"]?(?:[a-z][a-z0-9+.-]*:\/\/|(?:\.{0,2}\/|~\/)[\w.-]+(?:\/[\w.-]+)*['"]?$)/i

const words = [...new Set(SECRET_RULES.flatMap((rule) => rule.keywords))]
const rulesOfWord = words.map((word) =>
  SECRET_RULES.flatMap((rule, at) => (rule.keywords.includes(word) ? [at] : [])),
)
const eachKeyword = createKeywordIndex(words)

/**
 * Secrets in a text, by their providers’ forms, in order and without overlap. Expressions run only near a keyword
 * and over bounded windows, so that time grows with the text’s length alone. Never throws.
 */
export function searchSecrets(text: string): SecretSearch {
  const searched = text.length > MAX_SEARCHED ? text.slice(0, MAX_SEARCHED) : text
  const finds: SecretFind[] = []
  // How far each rule has looked already.
  const reached = new Map<number, number>()
  let windows = 0
  let complete = searched.length === text.length
  eachKeyword(asciiLower(searched), (word, at) => {
    for (const index of rulesOfWord[word] ?? []) {
      const rule = SECRET_RULES[index]
      if (rule === undefined || at < (reached.get(index) ?? -1)) continue
      if (windows >= MAX_WINDOWS || finds.length >= MAX_FINDS) {
        complete = false
        return
      }
      windows += 1
      reached.set(index, searchWindow(rule, searched, at, finds))
    }
  })
  return { finds: withoutOverlap(finds), complete, windows }
}

/** Whether a text has a word near which a secret may stand. */
export function holdsKeyword(text: string): boolean {
  let holds = false
  eachKeyword(asciiLower(text), () => {
    holds = true
  })
  return holds
}

export function findSecrets(text: string): readonly SecretFind[] {
  return searchSecrets(text).finds
}

/** @returns where the rule need not look again. */
function searchWindow(rule: SecretRule, text: string, at: number, finds: SecretFind[]): number {
  const from = Math.max(0, at - rule.before)
  const window = text.slice(from, at + rule.after)
  const { pattern } = rule
  // What ends in the other half of the window would have been found from here.
  let reached = rule.anchored ? at + 1 : at + rule.after / 2
  pattern.lastIndex = 0
  for (
    let found = pattern.exec(window);
    found !== null;
    found = rule.anchored ? null : pattern.exec(window)
  ) {
    const value = found.slice(1).find((group) => group !== undefined && group !== '') ?? found[0]
    const end = from + found.index + found[0].lastIndexOf(value) + value.length
    reached = Math.max(reached, end)
    const harmless = GENERAL.has(rule.kind) && isNamedHarmless(nameBefore(text, end - value.length), value)
    if (!harmless && isSecret(rule, value))
      finds.push(withoutQuotes({ kind: rule.kind, start: end - value.length, end }, value))
    if (found[0] === '') pattern.lastIndex += 1
  }
  return reached
}

/** The name that a value is assigned to, as far as one stands before it. */
function nameBefore(text: string, start: number): string {
  const before = text.slice(Math.max(0, start - 120), start)
  return /[\w.$@/-]+['"\])]{0,3}\s{0,5}(?::=|=>|[:=>|,]{1,3})[\s'"`(]{0,5}$/.exec(before)?.[0] ?? ''
}

function withoutQuotes({ kind, start, end }: SecretFind, value: string): SecretFind {
  return {
    kind,
    start: /^['"]/.test(value) ? start + 1 : start,
    end: /['"]$/.test(value) ? end - 1 : end,
  }
}

function isSecret(rule: SecretRule, value: string): boolean {
  if (isPlaceholder(value) || entropyOf(value) <= rule.entropy) return false
  if (rule.kind === 'quoted-password' && PLACE.test(value)) return false
  if (rule.kind === 'curl-auth-user') return !isPlaceholder(value.slice(value.indexOf(':') + 1))
  return !GENERAL.has(rule.kind) || looksRandom(value)
}

/** Where finds overlap one stays that hides all, of the kind that says most. */
export function withoutOverlap(finds: readonly SecretFind[]): readonly SecretFind[] {
  if (finds.length < 2) return finds
  const kept: SecretFind[] = []
  for (const find of finds.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1)
    if (last === undefined || find.start >= last.end) kept.push(find)
    else {
      const kind = VAGUE.test(last.kind) && !VAGUE.test(find.kind) ? find.kind : last.kind
      kept[kept.length - 1] = { kind, start: last.start, end: Math.max(last.end, find.end) }
    }
  }
  return kept
}

/** Lower case that keeps every position: `İ` alone would become two characters. */
function asciiLower(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
