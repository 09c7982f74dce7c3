/** A header or a key with its value, with the comment behind it, and what it is about. */
export interface TomlStatement {
  /** Tables and keys from the root. */
  readonly path: readonly string[]
  /** From the beginning of its line to behind its line end. */
  readonly from: number
  readonly to: number
}

/** The statements of a document that is known to be valid TOML 1.0 (https://toml.io/en/v1.0.0), in their order. */
export function tomlStatements(text: string): readonly TomlStatement[] {
  const found: TomlStatement[] = []
  let table: readonly string[] = []
  for (let at = 0; at < text.length;) {
    const line = text.slice(at)
    const header = HEADER.exec(line)
    const to = header === null ? statementEnd(text, at) : lineEnd(text, at)
    if (header !== null) {
      table = keyParts(header[1] ?? '')
      found.push({ path: table, from: at, to })
    } else {
      const [key] = KEY.exec(line) ?? []
      if (key !== undefined) found.push({ path: [...table, ...keyParts(key)], from: at, to })
    }
    at = to
  }
  return found
}

const PART = String.raw`(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w-]+)`
const PARTS = String.raw`${PART}(?:[ \t]*\.[ \t]*${PART})*`
const HEADER = new RegExp(String.raw`^[ \t]*\[\[?[ \t]*(${PARTS})[ \t]*\]`)
const KEY = new RegExp(String.raw`^[ \t]*${PARTS}(?=[ \t]*=)`)

function keyParts(key: string): readonly string[] {
  return [...key.matchAll(new RegExp(PART, 'g'))].map(([part]) => {
    if (part.startsWith('"')) return JSON.parse(part) as string
    return part.startsWith("'") ? part.slice(1, -1) : part
  })
}

/** What a line feed does not end: texts of several lines, texts, lists and tables in brackets, comments. */
const TOKEN = /"""(?:[^\\]|\\[^])*?"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[\]{}\n]/g

function statementEnd(text: string, from: number): number {
  let depth = 0
  TOKEN.lastIndex = from
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [word] = token
    if (word === '[' || word === '{') depth += 1
    else if (word === ']' || word === '}') depth -= 1
    else if (word === '\n' && depth <= 0) return TOKEN.lastIndex
  }
  return text.length
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from)
  return feed < 0 ? text.length : feed + 1
}
