import type { Label } from '../../core/labels.ts'
import { createKeywordIndex } from '../secrets/keyword-index.ts'
import {
  ALLOWANCES,
  CHECK_CONFIG,
  CHECK_LINE,
  CONFIGURED,
  IGNORE_LIST,
  PIPELINE,
  SCRIPTED,
  THRESHOLDS,
} from './checks.ts'
import { CHECKED_ACCESS, GUARDS } from './guards.ts'
import { SUPPRESSIONS } from './suppressions.ts'
import { ASSERTIONS, isMade, isTestFile, LOOSE_ASSERTIONS, ONLYS, SKIPS, SWALLOWED, TESTS } from './tests.ts'
import type { WeakeningRow } from './weakening-row.ts'

/** A file as its path and labels tell what kind of control it may be. */
export interface ChangedFile {
  /** Relative to the workspace, `/` between components. */
  readonly path: string
  readonly labels: readonly Label[]
}

/** A text of a file, or the part of it that an edit replaces. `before` is absent where nobody knows it. */
export interface TextChange {
  readonly before: string | undefined
  readonly after: string
}

export interface Weakening {
  readonly what: string
  /** Where it stands in the new text; absent = something is gone. */
  readonly span?: readonly [number, number]
}

/** Larger texts are not compared: they count as a control that is replaced whole. */
const MAX_TEXT = 524_288
const PROSE =
  /\.(?:md|mdx|rst|txt|adoc|org|html?|csv|tsv|svg|lock|snap|map|po|ipynb)$|(?:^|\/)(?:changelog|license|authors|notice)\b|-lock\.(?:json|ya?ml)$/i
const SCRIPT =
  /\.(?:sh|bash|zsh|mk|toml|json5?|ya?ml|cfg|ini|gradle|xml)$|(?:^|\/)(?:makefile|justfile|rakefile|gemfile|dockerfile|containerfile|[\w.-]*rc)$/i
const COMMENT = /^\s*(?:\/\/|#(?!!?\[)|\*|\/\*|<!--|--\s|;|%)/

/**
 * Whether a change loosens a test or a check: the new text has more of what switches one off, or fewer of what makes
 * one, than the text before. A new test that is skipped loosens nothing; what was there before does not count.
 */
export function findWeakening(file: ChangedFile, { before, after }: TextChange): Weakening | undefined {
  const kinds = kindsOf(file)
  if (isMade(file.path) || (PROSE.test(file.path) && !isControl(kinds))) return undefined
  if (after.length > MAX_TEXT || (before?.length ?? 0) > MAX_TEXT) {
    return isControl(kinds) ? { what: 'replaced' } : undefined
  }
  if (before === after) return undefined
  return (
    emptied(kinds, { before, after }) ??
    moreOf(rowsFor(kinds), { before: before ?? '', after }) ??
    (kinds.test ? weakerTests({ before, after }) : undefined) ??
    (before === undefined ? undefined : fewerChecks(kinds, { before, after }))
  )
}

interface Kinds {
  readonly test: boolean
  readonly pipeline: boolean
  readonly control: boolean
  readonly ignoreList: boolean
  readonly config: boolean
  readonly script: boolean
  readonly auth: boolean
}

function kindsOf({ path, labels }: ChangedFile): Kinds {
  const ignoreList = IGNORE_LIST.test(path)
  const manifest = labels.includes('manifest')
  return {
    test: isTestFile(path),
    pipeline: labels.includes('ci') || /(?:^|\/)(?:action|workflow)s?\//i.test(path),
    control: (labels.includes('security-control') || labels.includes('git-hook')) && !ignoreList,
    ignoreList,
    config: CHECK_CONFIG.test(path),
    script: manifest || SCRIPT.test(path),
    auth: labels.includes('auth'),
  }
}

/** A file that is a check itself, not only code that may hold one. */
function isControl({ test, pipeline, control, ignoreList }: Kinds): boolean {
  return test || pipeline || control || ignoreList
}

/** Whether the text before is needed to judge a new one: what is gone can be told from it alone. */
export function isCheckFile(file: ChangedFile): boolean {
  const kinds = kindsOf(file)
  return !isMade(file.path) && (isControl(kinds) || kinds.config || kinds.auth || kinds.script)
}

function emptied(kinds: Kinds, { before, after }: TextChange): Weakening | undefined {
  const gone = after.trim() === '' && before !== undefined && before.trim() !== ''
  return gone && isControl(kinds) && (before.length > 200 || kinds.test) && !kinds.ignoreList
    ? { what: 'emptied' }
    : undefined
}

const EVERYWHERE = [...SUPPRESSIONS, ...GUARDS]
const ALL_ROWS = [...EVERYWHERE, ...PIPELINE, ...SCRIPTED, ...CONFIGURED]
const ANY_TEXT = ALL_ROWS.filter(([, keywords]) => keywords === '*')
const words = [...new Set(ALL_ROWS.flatMap(([, keywords]) => keywords.split(' ')))]
const eachWord = createKeywordIndex(words)
const rowsOfWord = words.map((word) => ALL_ROWS.filter(([, keywords]) => keywords.split(' ').includes(word)))

const ROWS = new Map<string, ReadonlySet<WeakeningRow>>()

function rowsFor({ pipeline, control, config, script }: Kinds): ReadonlySet<WeakeningRow> {
  const key = [pipeline, control, config, script].join()
  const known = ROWS.get(key)
  if (known !== undefined) return known
  const rows = new Set([
    ...EVERYWHERE,
    ...(pipeline ? PIPELINE : []),
    ...(script || control || pipeline ? SCRIPTED : []),
    ...(control || config ? CONFIGURED : []),
  ])
  ROWS.set(key, rows)
  return rows
}

/** A row of which the new text has more than the old one. */
function moreOf(
  rows: ReadonlySet<WeakeningRow>,
  { before, after }: { before: string; after: string },
): Weakening | undefined {
  const present = new Set<WeakeningRow>(ANY_TEXT.filter((row) => rows.has(row)))
  eachWord(after.toLowerCase(), (word) => {
    for (const row of rowsOfWord[word] ?? []) if (rows.has(row)) present.add(row)
  })
  for (const [what, , pattern] of present) {
    const now = matchesOf(pattern, after, !EVERYWHERE_COMMENTED.has(pattern))
    if (now.length === 0) continue
    const then = matchesOf(pattern, before, !EVERYWHERE_COMMENTED.has(pattern))
    if (now.length <= then.length) continue
    const old = new Set(then.map(({ line }) => line))
    const fresh = now.find(({ line }) => !old.has(line)) ?? now.at(-1)
    if (fresh !== undefined) return { what, span: [fresh.start, fresh.end] }
  }
  return undefined
}

/** These are comments by nature; everything else does nothing in one. */
const EVERYWHERE_COMMENTED: ReadonlySet<RegExp> = new Set(SUPPRESSIONS.map(([, , pattern]) => pattern))

interface Match {
  readonly start: number
  readonly end: number
  readonly line: string
}

function matchesOf(pattern: RegExp, text: string, live: boolean): readonly Match[] {
  const found: Match[] = []
  for (const { 0: match, index } of text.matchAll(pattern)) {
    const from = text.lastIndexOf('\n', index - 1) + 1
    const until = text.indexOf('\n', index)
    const line = text.slice(from, until === -1 ? text.length : until)
    if (live && COMMENT.test(line)) continue
    found.push({ start: index, end: index + match.length, line: line.trim() })
  }
  return found
}

function weakerTests({ before, after }: TextChange): Weakening | undefined {
  const now = liveText(after)
  const only = matchesOf(ONLYS, after, true)
  const then = before === undefined ? undefined : liveText(before)
  if (only.length > count(ONLYS, then ?? '')) return spanned('only', only)
  // Without the text before, every test of the new one counts as new.
  const added = count(TESTS, now) - (then === undefined ? 0 : count(TESTS, then))
  const skips = matchesOf(SKIPS, after, true)
  if (skips.length - count(SKIPS, then ?? '') > Math.max(0, added)) return spanned('skip', skips)
  if (then === undefined) return undefined
  const swallowed = matchesOf(SWALLOWED, after, true)
  if (swallowed.length > count(SWALLOWED, then) && added <= 0) return spanned('swallow', swallowed)
  if (strictness(now) < strictness(then)) return { what: 'assertion' }
  return added < 0 ? { what: 'test' } : undefined
}

function spanned(what: string, matches: readonly Match[]): Weakening {
  const last = matches.at(-1)
  return last === undefined ? { what } : { what, span: [last.start, last.end] }
}

/** Assertions that can fail. */
function strictness(text: string): number {
  return count(ASSERTIONS, text) - count(LOOSE_ASSERTIONS, text)
}

function count(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0
}

/** Without comments, in which nothing runs. */
function liveText(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*(?:\/\/|#(?!!?\[)|--\s).*$/gm, '')
}

function fewerChecks(
  { pipeline, control, ignoreList, config, auth, script }: Kinds,
  { before, after }: { before: string; after: string },
): Weakening | undefined {
  if (ignoreList && liveLines(after) > liveLines(before)) return { what: 'ignored' }
  if (control && liveLines(after) < liveLines(before)) return { what: 'rule' }
  if ((pipeline || script) && count(CHECK_LINE, after) < count(CHECK_LINE, before)) return { what: 'step' }
  if ((config || pipeline || script) && loosened(before, after)) return { what: 'threshold' }
  if (auth && count(CHECKED_ACCESS, liveText(after)) < count(CHECKED_ACCESS, liveText(before)))
    return { what: 'guard' }
  return undefined
}

function liveLines(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '' && !COMMENT.test(line)).length
}

/** A threshold that went down or away, or an allowance that went up. */
function loosened(before: string, after: string): boolean {
  const lower = (pattern: RegExp, sign: 1 | -1): boolean => {
    const then = numbersOf(pattern, before)
    const now = numbersOf(pattern, after)
    return [...then].some(([name, value]) => {
      const fresh = now.get(name)
      return fresh === undefined ? sign === 1 : sign * fresh < sign * value
    })
  }
  return lower(THRESHOLDS, 1) || lower(ALLOWANCES, -1)
}

function numbersOf(pattern: RegExp, text: string): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>()
  for (const [, name = '', value = ''] of text.matchAll(pattern)) {
    numbers.set(name.toLowerCase(), Math.min(Number(value), numbers.get(name.toLowerCase()) ?? Infinity))
  }
  return numbers
}
