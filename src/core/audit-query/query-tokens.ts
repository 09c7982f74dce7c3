import { RemitError } from '../errors.ts'

export interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'end'
  readonly text: string
  /** From 1, in UTF-16 code units. */
  readonly column: number
}

/** Letters that a value may have without quotes. */
const WORD = /[^\s()"',=!<>]/u
const SIGNS = ['!=', '>=', '<=', '=', '>', '<', '(', ')', ',']
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', t: '\t' }

export function queryError(column: number, says: string): RemitError {
  return new RemitError('input_invalid', `column ${column} of the query: ${says}`, { data: { column } })
}

/** @throws RemitError `input_invalid` that names the column. */
export function queryTokens(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const letter = text[at] ?? ''
    if (/\s/u.test(letter)) {
      at += 1
      continue
    }
    const token = readToken(text, at)
    tokens.push(token.token)
    at = token.next
  }
  return [...tokens, { kind: 'end', text: '', column: text.length + 1 }]
}

function readToken(text: string, at: number): { readonly token: Token; readonly next: number } {
  const column = at + 1
  const sign = SIGNS.find((each) => text.startsWith(each, at))
  if (sign !== undefined) return { token: { kind: 'sign', text: sign, column }, next: at + sign.length }
  if (text[at] === '"') return readQuoted(text, at)
  let end = at
  while (end < text.length && WORD.test(text[end] ?? '')) end += 1
  if (end === at)
    throw queryError(column, `\`${text[at] ?? ''}\` has no meaning here; put values with it into "quotes"`)
  return { token: { kind: 'word', text: text.slice(at, end), column }, next: end }
}

function readQuoted(text: string, at: number): { readonly token: Token; readonly next: number } {
  let value = ''
  for (let next = at + 1; next < text.length; next++) {
    const letter = text[next] ?? ''
    if (letter === '"') return { token: { kind: 'text', text: value, column: at + 1 }, next: next + 1 }
    if (letter === '\\') {
      next += 1
      const escaped = ESCAPES[text[next] ?? '']
      if (escaped === undefined)
        throw queryError(next, 'after a backslash may come `"`, a backslash, `n` or `t`')
      value += escaped
    } else value += letter
  }
  throw queryError(at + 1, 'this quote has no end')
}
