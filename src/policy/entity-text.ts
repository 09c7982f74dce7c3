const ENTITY = /^([A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)::"((?:[^"\\]|\\.)*)"$/su
const ESCAPE = /\\(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|(.))/gsu
const ESCAPED: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  0: '\0',
  '"': '"',
  "'": "'",
  '\\': '\\',
}
const LAST_CODE_POINT = 0x10_ffff

/** `Type::"id"` with Cedar's escapes, or JSON's `\uXXXX`; undefined for any other text. */
export function parseEntityText(text: string): { readonly type: string; readonly id: string } | undefined {
  const [, type, quoted] = ENTITY.exec(text) ?? []
  if (type === undefined || quoted === undefined) return undefined
  let sound = true
  const id = quoted.replaceAll(ESCAPE, (_, long?: string, short?: string, letter = '') => {
    const hex = long ?? short
    const code = hex === undefined ? undefined : Number.parseInt(hex, 16)
    const meant = code === undefined ? ESCAPED[letter] : characterAt(code)
    if (meant === undefined) sound = false
    return meant ?? ''
  })
  return sound ? { type, id } : undefined
}

function characterAt(code: number): string | undefined {
  return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : undefined
}
