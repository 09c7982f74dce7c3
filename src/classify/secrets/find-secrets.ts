import { createKeywordIndex } from './keyword-index.ts'
import { entropyOf, isPlaceholder, looksRandom } from './placeholder.ts'
import { SECRET_RULES, type SecretRule } from './rules.ts'

/** A secret in a text: what it is a secret of, and the half-open range of UTF-16 code units that it takes. */
export interface SecretFind {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** Text beyond this is not searched: callers cut, or withhold what they could not search. */
export const MAX_SEARCHED = 1_048_576
const MAX_FINDS = 500
const MAX_WINDOWS = 4_000

/** Rules whose form ordinary words have too. */
const GENERAL: ReadonlySet<string> = new Set(['generic-api-key', 'vault-service-token'])

const words = [...new Set(SECRET_RULES.flatMap((rule) => rule.keywords))]
const rulesOfWord = words.map((word) =>
  SECRET_RULES.flatMap((rule, at) => (rule.keywords.includes(word) ? [at] : [])),
)
const eachKeyword = createKeywordIndex(words)

/**
 * Secrets in a text, by their providers’ forms, in order and without overlap. Expressions run only near a keyword
 * and over bounded windows, so that time grows with the text’s length alone. Never throws.
 */
export function findSecrets(text: string): readonly SecretFind[] {
  const searched = text.length > MAX_SEARCHED ? text.slice(0, MAX_SEARCHED) : text
  const finds: SecretFind[] = []
  // How far each rule has looked already.
  const reached = new Map<number, number>()
  let windows = 0
  eachKeyword(asciiLower(searched), (word, at) => {
    for (const index of rulesOfWord[word] ?? []) {
      const rule = SECRET_RULES[index]
      if (rule === undefined || windows >= MAX_WINDOWS || finds.length >= MAX_FINDS) return
      if (at < (reached.get(index) ?? -1)) continue
      windows += 1
      reached.set(index, searchWindow(rule, searched, at, finds))
    }
  })
  return withoutOverlap(finds)
}

/** @returns where the rule need not look again. */
function searchWindow(rule: SecretRule, text: string, at: number, finds: SecretFind[]): number {
  const from = Math.max(0, at - rule.before)
  const window = text.slice(from, at + rule.after)
  const { pattern } = rule
  let reached = at + 1
  pattern.lastIndex = 0
  for (let found = pattern.exec(window); found !== null; found = pattern.exec(window)) {
    const value = found.slice(1).find((group) => group !== undefined && group !== '') ?? found[0]
    const end = from + found.index + found[0].lastIndexOf(value) + value.length
    reached = Math.max(reached, end)
    if (isSecret(rule, value)) finds.push({ kind: rule.kind, start: end - value.length, end })
    if (found[0] === '') pattern.lastIndex += 1
  }
  return reached
}

function isSecret(rule: SecretRule, value: string): boolean {
  if (isPlaceholder(value) || entropyOf(value) <= rule.entropy) return false
  if (rule.kind === 'curl-auth-user') return !isPlaceholder(value.slice(value.indexOf(':') + 1))
  return !GENERAL.has(rule.kind) || looksRandom(value)
}

/** Where two finds overlap the longer stays: it hides both. */
function withoutOverlap(finds: readonly SecretFind[]): readonly SecretFind[] {
  if (finds.length < 2) return finds
  const kept: SecretFind[] = []
  for (const find of finds.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1)
    if (last === undefined || find.start >= last.end) kept.push(find)
    else if (find.end > last.end) kept[kept.length - 1] = { ...last, end: find.end }
  }
  return kept
}

/** Lower case that keeps every position: `İ` alone would become two characters. */
function asciiLower(text: string): string {
  const lower = text.toLowerCase()
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
