/** One variable of a git configuration file; section and name are folded, the subsection is as written. */
export interface ConfigEntry {
  readonly section: string
  readonly subsection: string | undefined
  readonly name: string
  readonly value: string
}

const SECTION = /^\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\.)*)")?\]/
const NAME = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*/
/** Stands for a tab that is not quoted. */
const TAB = '\0'
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', '"': '"', '\\': '\\' }

/** Reads the syntax of git-config(1). `undefined` = git would refuse the file, or read it otherwise than this does. */
export function parseGitConfig(text: string): readonly ConfigEntry[] | undefined {
  if (text.includes('\0')) return undefined
  const entries: ConfigEntry[] = []
  let section: Pick<ConfigEntry, 'section' | 'subsection'> | undefined
  let rest = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  for (;;) {
    rest = rest.replace(/^(?:[ \t\n]+|[#;][^\n]*(?:\n|$))+/, '')
    if (rest === '') return entries
    const header = SECTION.exec(rest)
    if (header !== null) {
      section = readSection(header[1] ?? '', header[2])
      rest = rest.slice(header[0].length)
      continue
    }
    const name = NAME.exec(rest)
    if (name === null || section === undefined) return undefined
    const value = readValue(rest.slice(name[0].length))
    if (value === undefined) return undefined
    entries.push({ ...section, name: (name[1] ?? '').toLowerCase(), value: value.text })
    rest = value.rest
  }
}

/** `[a "b"]`, or the old `[a.b]`, whose subsection is folded. */
function readSection(
  written: string,
  quoted: string | undefined,
): Pick<ConfigEntry, 'section' | 'subsection'> {
  const name = written.toLowerCase()
  if (quoted !== undefined) return { section: name, subsection: quoted.replaceAll(/\\(.)/g, '$1') }
  const dot = name.indexOf('.')
  if (dot === -1) return { section: name, subsection: undefined }
  return { section: name.slice(0, dot), subsection: name.slice(dot + 1) }
}

/** What follows a name up to the end of its line, which a backslash continues. A name alone is true. */
function readValue(text: string): { readonly text: string; readonly rest: string } | undefined {
  if (text === '' || text.startsWith('\n')) return { text: 'true', rest: text }
  if (!text.startsWith('=')) return undefined
  let value = ''
  let kept = 0
  let quoted = false
  for (let at = 1; at <= text.length; at += 1) {
    const char = text[at] ?? '\n'
    if (char === '\n' || (!quoted && /[#;]/.test(char))) {
      if (quoted) return undefined
      const end = text.indexOf('\n', at)
      // Versions of git differ in what a tab between words is.
      if (value.slice(0, kept).includes(TAB)) return undefined
      return { text: value.slice(0, kept), rest: end === -1 ? '' : text.slice(end) }
    }
    if (char === '"') {
      quoted = !quoted
      kept = value.length
    } else if (char === '\\') {
      at += 1
      const escaped = text[at] ?? ''
      if (escaped === '\n') continue
      const meant = ESCAPES[escaped]
      if (meant === undefined) return undefined
      value += meant
      kept = value.length
    } else if (quoted || !/[ \t]/.test(char)) {
      value += char
      kept = value.length
    } else if (value !== '') value += char === '\t' ? TAB : char
  }
  return undefined
}
