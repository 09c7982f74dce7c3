import { PatchLines, type PatchFile, type PatchReader } from './patch-file.ts'

const NOWHERE = '/dev/null'
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/
/** Forms of `diff` that are not read: context diffs, ed scripts, other version control. */
const FOREIGN = /^(?:\*{15}|\*{3} \S+\t|Index: |Prereq: |={67}|\d+(?:,\d+)?[acd]\d*)/m

interface Draft {
  path: string | undefined
  to: string | undefined
  from: string | undefined
  added: boolean
  deleted: boolean
  copied: boolean
  mode: boolean
  binary: boolean
  readonly lines: PatchLines
}

/**
 * A unified diff, git's too: renames, copies, modes, binary files, quoted names. Lines inside a hunk are counted as its
 * header says, so that none of them passes for a header.
 */
export const readUnified: PatchReader = (text) => {
  if (FOREIGN.test(text) || !/^(?:diff --git |--- )/m.test(text)) return undefined
  const drafts: Draft[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').replace(/\r$/, '')
    const hunk = HUNK.exec(line)
    const current = drafts.at(-1)
    if (hunk !== null) {
      if (current === undefined) return undefined
      at = readHunk(lines, at, { hunk, lines: current.lines })
    } else if (line.startsWith('diff --git ')) drafts.push(gitDraft(line))
    else if (line.startsWith('--- ') && (lines[at + 1] ?? '').startsWith('+++ ')) {
      const draft = current?.from === undefined && current?.path !== undefined ? current : emptyDraft()
      if (draft !== current) drafts.push(draft)
      readNames(draft, line, (lines[at + 1] ?? '').replace(/\r$/, ''))
      at += 1
    } else if (current !== undefined && !readExtended(current, line)) return undefined
  }
  const files = drafts.map(finished)
  return files.every((file) => file !== undefined) && files.length > 0 ? files : undefined
}

function emptyDraft(): Draft {
  return {
    path: undefined,
    to: undefined,
    from: undefined,
    added: false,
    deleted: false,
    copied: false,
    mode: false,
    binary: false,
    lines: new PatchLines(),
  }
}

/** The names here are taken only when no other line says them: a blank in one makes them ambiguous. */
function gitDraft(line: string): Draft {
  const [, old = '', fresh = ''] = /^diff --git ("?a\/.*?"?) ("?b\/.*"?)$/.exec(line) ?? []
  return { ...emptyDraft(), path: nameOf(old), to: nameOf(fresh) }
}

function readNames(draft: Draft, old: string, fresh: string): void {
  const from = nameOf(old.slice(4))
  const to = nameOf(fresh.slice(4))
  draft.from = from
  draft.added ||= from === NOWHERE
  draft.deleted ||= to === NOWHERE
  draft.path = draft.added ? to : from
  draft.to = draft.deleted ? from : to
}

/** @returns the index of the hunk's last line. */
function readHunk(
  all: readonly string[],
  start: number,
  { hunk, lines }: { readonly hunk: RegExpExecArray; readonly lines: PatchLines },
): number {
  let old = Number(hunk[1] ?? 1)
  let fresh = Number(hunk[2] ?? 1)
  let at = start
  while ((old > 0 || fresh > 0) && at + 1 < all.length) {
    at += 1
    const line = all[at] ?? ''
    if (line.startsWith('\\')) continue
    if (!line.startsWith('+')) old -= 1
    if (!line.startsWith('-')) fresh -= 1
    lines.add(line === '' ? ' ' : line)
  }
  return at
}

/** Git's own header lines. @returns false for one that is not known between the names and the hunks. */
function readExtended(draft: Draft, line: string): boolean {
  const [, word = '', rest = ''] =
    /^(new file mode|deleted file mode|new mode|old mode|rename from|rename to|copy from|copy to)\s(.*)$/.exec(
      line,
    ) ?? []
  if (word === 'new file mode') draft.added = true
  else if (word === 'deleted file mode') draft.deleted = true
  else if (word === 'new mode') draft.mode = true
  else if (word === 'rename from' || word === 'copy from') draft.path = unquoted(rest)
  else if (word === 'rename to' || word === 'copy to') draft.to = unquoted(rest)
  if (word.startsWith('copy')) draft.copied = true
  if (/^(?:Binary files|GIT binary patch)/.test(line)) draft.binary = true
  return true
}

function finished(draft: Draft): PatchFile | undefined {
  const { path, to, lines } = draft
  if (path === undefined || path === NOWHERE) return undefined
  const texts = lines.texts
  const empty = texts.before === '' && texts.after === '' && !draft.binary
  const kind = draft.added ? 'add' : draft.deleted ? 'delete' : draft.mode && empty ? 'mode' : 'change'
  return {
    path: draft.added ? (to ?? path) : path,
    kind,
    ...(to === undefined || to === path || kind === 'add' || kind === 'delete' ? {} : { to }),
    ...(draft.copied ? { copied: true } : {}),
    ...texts,
  }
}

/** Without the prefix that git puts before names, and a time behind them. */
function nameOf(text: string): string {
  const name = unquoted(text.split('\t', 1)[0] ?? '')
  return /^[abciow]\//.test(name) ? name.slice(2) : name
}

/** Git writes names with unusual bytes as C strings. */
function unquoted(text: string): string {
  const trimmed = text.trim()
  if (!/^".*"$/.test(trimmed)) return trimmed
  const bytes: number[] = []
  for (const [piece] of trimmed.slice(1, -1).matchAll(/\\[0-7]{3}|\\.|[^\\]/gsu)) {
    if (/^\\[0-7]{3}$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 8))
    else
      bytes.push(...Buffer.from(piece.startsWith('\\') ? (ESCAPED[piece[1] ?? ''] ?? piece.slice(1)) : piece))
  }
  return Buffer.from(bytes).toString('utf8')
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }
