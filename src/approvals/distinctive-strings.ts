import { pointerStep } from '../core/json-pointer.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'

/** What of a call can be looked for elsewhere: texts that hardly stand in two places by chance. */
export interface Distinctive {
  /** Without repetition, what leads outward first. */
  readonly texts: readonly string[]
  /** How many more there were. */
  readonly left: number
  /** Only the first of the arguments were looked through. */
  readonly cut: boolean
}

const MOST = 20
const SHORTEST = 8
/** A host says much in few letters. */
const SHORTEST_HOST = 4
/** What is longer is searched slowly, and tells no more than its beginning. */
const LONGEST = 300
/** UTF-16 code units of arguments that are looked through. */
const MOST_READ = 65_536
const MAX_DEPTH = 32

// Bounded everywhere: nothing here may take time beyond the length of the text.
const URLS = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'`<>|;(){}[\]\\]{1,2000}/giu
const EMAILS = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gu
const PATHS = /(?<![^\s"'`=:,;|&<>()])(?:~|\.{1,2})?\/[^\s"'`;|&<>()]{1,1000}/gu
const AUTHORITY = /^[^/]+\/\/(?:[^/?#@]*@)?([^/?#:]+)/u
const REDACTED = /\[redacted: [^\]]{0,80}\]/gu
const BETWEEN_WORDS = /[\s"'`;|&<>(){}[\]=,\\]+/u

/**
 * URLs and their hosts, e-mail addresses, paths outside of the workspace, long tokens, whole values without a space, and
 * the words of commands that are no options.
 * @param input without secrets.
 * @param known.commands RFC 6901 pointers of the strings that a shell reads.
 */
export function distinctiveStrings(
  input: JsonObject,
  known: { readonly workspace?: string; readonly commands: ReadonlySet<string> },
): Distinctive {
  const found = { outward: new Set<string>(), paths: new Set<string>(), words: new Set<string>() }
  const reading = { left: MOST_READ }
  for (const { pointer, text } of stringsOf(input, reading)) {
    const rest = takeOutward(text.replace(REDACTED, ' '), found.outward)
    const paths = rest.match(PATHS) ?? []
    for (const path of paths) if (isOutside(path, known.workspace)) found.paths.add(bare(path))
    for (const word of wordsOf(rest.replace(PATHS, ' '), known.commands.has(pointer))) found.words.add(word)
  }
  const long = [...found.paths, ...found.words].filter(({ length }) => length >= SHORTEST)
  const all = [...new Set([...found.outward, ...long])]
  const texts = all.filter(({ length }) => length <= LONGEST).slice(0, MOST)
  return { texts, left: all.length - texts.length, cut: reading.left < 0 }
}

/** @returns the text without them. */
function takeOutward(text: string, into: Set<string>): string {
  for (const url of text.match(URLS) ?? []) {
    into.add(bare(url))
    const host = AUTHORITY.exec(url)?.[1]
    if (host !== undefined && host.length >= SHORTEST_HOST) into.add(bare(host))
  }
  const rest = text.replace(URLS, ' ')
  for (const address of rest.match(EMAILS) ?? []) if (address.length >= SHORTEST) into.add(address)
  return rest.replace(EMAILS, ' ')
}

function isOutside(path: string, workspace: string | undefined): boolean {
  if (workspace === undefined || path.split('/').includes('..')) return true
  return !path.startsWith('./') && path !== workspace && !path.startsWith(`${workspace}/`)
}

function wordsOf(text: string, command: boolean): readonly string[] {
  const words = text.split(BETWEEN_WORDS).filter((word) => word.length <= LONGEST)
  if (command) return words.filter((word) => !word.startsWith('-'))
  if (!/\s/u.test(text.trim()) && text.length <= LONGEST) return [text.trim()]
  // Of prose only what is no word of a language.
  return words.filter((word) => word.length >= 16 && /\d/u.test(word) && /\p{L}/u.test(word))
}

/** Without what a sentence puts behind it. */
function bare(text: string): string {
  let end = text.length
  while (end > 1 && '/.,:!?'.includes(text[end - 1] ?? '')) end -= 1
  return text.slice(0, end)
}

function* stringsOf(
  input: JsonObject,
  reading: { left: number },
): Generator<{ readonly pointer: string; readonly text: string }> {
  const open: { value: Json; pointer: string; depth: number }[] = [{ value: input, pointer: '', depth: 0 }]
  for (let at = open.shift(); at !== undefined && reading.left >= 0; at = open.shift()) {
    const { value, pointer, depth } = at
    if (typeof value === 'string') {
      yield { pointer, text: value.slice(0, reading.left) }
      reading.left -= value.length
    } else if (depth < MAX_DEPTH && (Array.isArray(value) || isJsonObject(value))) {
      for (const [name, member] of Object.entries(value) as [string, Json | undefined][])
        if (member !== undefined)
          open.push({ value: member, pointer: `${pointer}/${pointerStep(name)}`, depth: depth + 1 })
    }
  }
}
