import { foldText } from './fold-name.ts'

/** A path argument as its text alone tells it. */
export interface PathText {
  /** Absolute, or relative to a base that the text does not say; `/` between components, not yet normalised. */
  readonly path: string
  /** Text that different programs would read differently, or that only a trick needs. */
  readonly tricky: boolean
  /** Refers to a place that cannot be known from here: another user's home, another machine, a process. */
  readonly unplaceable: boolean
}

const MAX_PATH = 4096
const MAX_SHOWN = 256
/** Deeper than any real project; what lies there would take long to look up. */
const MAX_COMPONENTS = 128
/** A name longer than any file system stores (POSIX NAME_MAX). */
const LONG_NAME = /[^/\\]{256}/

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const INVISIBLE = /[\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const SLASH_LOOKALIKE = /[\u2044\u2215\u2216\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c\uff0e\u2024\u2025]/
/** `%20` alone is how some files are really named. */
const PERCENT = /%(?!20)[0-9a-f]{2}/i
const EXPANSION = /^\$\{?[A-Z_][A-Z0-9_]*\}?(\/|$)|\$[({]|`|%[A-Za-z_][A-Za-z0-9_]*%/
const SCHEME =
  /^(?:[a-z][a-z0-9+.-]+:\/\/|(?:jar|zip|blob|data|javascript|vbscript|view-source|about|ms-[a-z]+):)/i
const DRIVE = /^[a-z]:/i
/** NTFS streams: `name.ext:stream`; `name.ext:12` is a line. */
const STREAM = /::|:\$|\.[a-z0-9]{1,8}:[^/\d:][^/]*$/i
/** `GIT~1`: the short name that Windows gives a long one. */
const SHORT_NAME = /(^|\/)[^/]{1,6}~\d/
/** A component that ends in a dot or a space, or begins with one: Windows drops those of the end. */
const PADDED = /(^|\/)(?!\.{1,2}(\/|$))(\s[^/]*|[^/]*[\s.])(\/|$)/

/**
 * Reads the text of a path argument: `file://`, `~`, Windows forms, escapes, invisible and look-alike characters.
 * Nothing is looked up. A trick does not stop the reading: what the text most plainly means is still found and
 * labelled, and the caller marks the operation as not understood.
 */
export function readPathText(text: string, home: string): PathText {
  if (isImpossible(text)) {
    // Its end still tells what it is made to look like.
    const end = text.length > MAX_SHOWN ? `…${text.slice(-MAX_SHOWN)}` : text
    return { path: end.replace(/[^\x20-\x7e…]/g, '?'), tricky: true, unplaceable: true }
  }
  let tricky = isTricky(text)
  let path = text
  if (/^file:/i.test(text)) {
    const read = readFileUri(text)
    if (read === undefined) return { path: text, tricky: true, unplaceable: true }
    path = read
    tricky ||= isTricky(read)
  } else if (SCHEME.test(text)) {
    return { path: text, tricky: true, unplaceable: true }
  }
  if (path.includes('\\')) path = path.replaceAll('\\', '/')
  if (DRIVE.test(path) || path.startsWith('//')) {
    // A drive or a share of a Windows machine; on POSIX `//x` is `/x`, and which one is meant nobody knows.
    const unplaceable = DRIVE.test(path) || text.startsWith('\\')
    return { path, tricky: true, unplaceable }
  }
  if (path.startsWith('~')) {
    if (path !== '~' && !path.startsWith('~/')) return { path, tricky, unplaceable: true }
    path = home + path.slice(1)
  }
  return { path, tricky, unplaceable: false }
}

function isImpossible(text: string): boolean {
  // A lone surrogate is no character: each program makes something else of it.
  if (text === '' || text.length > MAX_PATH || CONTROL.test(text) || !text.isWellFormed()) return true
  return LONG_NAME.test(text) || countSlashes(text) > MAX_COMPONENTS
}

function isTricky(text: string): boolean {
  if (text.includes('\\') || text.includes('%') || text.includes('$') || text.includes('`')) {
    if (text.includes('\\') || PERCENT.test(text) || EXPANSION.test(text)) return true
  }
  if (text.includes(':') && STREAM.test(text)) return true
  if (text.includes('~') && SHORT_NAME.test(text)) return true
  if (PADDED.test(text)) return true
  // oxlint-disable-next-line no-control-regex -- the range of ASCII
  if (/^[\u0000-\u007f]*$/.test(text)) return false
  return (
    INVISIBLE.test(text) || SLASH_LOOKALIKE.test(text) || countSlashes(foldText(text)) !== countSlashes(text)
  )
}

function countSlashes(text: string): number {
  return text.split('/').length
}

/** RFC 8089; only this machine's files have a path. */
function readFileUri(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  // An encoded slash or NUL would hide a component; a query or fragment is dropped by some readers only.
  if ((url.hostname !== '' && url.hostname !== 'localhost') || /%(2f|5c|00)/i.test(url.pathname))
    return undefined
  if (url.search !== '' || url.hash !== '') return undefined
  try {
    const path = decodeURIComponent(url.pathname)
    return CONTROL.test(path) ? undefined : path
  } catch {
    return undefined
  }
}
