import { parse, TomlError } from 'smol-toml'
import { RemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'

/** Whether a file is TOML, by its name or by how it begins. */
export function looksLikeToml(name: string, text: string): boolean {
  if (/\.toml$/i.test(name)) return true
  const begun = text.replace(/^(?:\s|\uFEFF|\/\/[^\n]*|\/\*[^]*?\*\/)*/, '')
  return (
    !/^(?:\{|\[\s*(?:["{\d[\]]|$))/.test(begun) && /^\s*(?:#|\[+[\w ."'-]+\]+\s*$|[\w.-]+ *= )/m.test(begun)
  )
}

/** A TOML document as JSON; dates become texts. @throws RemitError `config_invalid` with line and column. */
export function readTomlText(name: string, text: string): JsonObject {
  try {
    return JSON.parse(JSON.stringify(parse(text.replace(/^\uFEFF/, '')))) as JsonObject
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause
    // The first line says what is wrong; what follows shows the text, and with it perhaps a secret.
    const [what = ''] = cause.message.split('\n')
    const why = what.replace(/^Invalid TOML document: /, '')
    throw new RemitError(
      'config_invalid',
      `\`${name}:${String(cause.line)}:${String(cause.column)}\` is not valid TOML: ${why}`,
    )
  }
}

/** Where a table, or a field of it, is written: `line:column`; undefined = not as a table of its own. */
export function placeInToml(text: string, table: readonly string[], field?: string): string | undefined {
  const lines = text.split('\n')
  const header = lines.findIndex((line) => isHeader(line, table))
  if (header < 0) return undefined
  const end = lines.findIndex((line, at) => at > header && /^\s*\[/.test(line))
  const inside = lines.slice(header + 1, end < 0 ? undefined : end)
  const found = field === undefined ? -1 : inside.findIndex((line) => isField(line, field))
  const at = found < 0 ? header : header + 1 + found
  return `${String(at + 1)}:${String((lines[at] ?? '').search(/\S/) + 1)}`
}

function isHeader(line: string, table: readonly string[]): boolean {
  const [, inside] = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line) ?? []
  const parts = inside?.match(/"[^"]*"|'[^']*'|[\w-]+/g)?.map((part) => part.replaceAll(/^["']|["']$/g, ''))
  return parts?.length === table.length && table.every((part, at) => part === parts[at])
}

function isField(line: string, field: string): boolean {
  const [, bare = ''] = /^\s*("[^"]*"|'[^']*'|[\w-]+)\s*[.=]/.exec(line) ?? []
  return bare.replaceAll(/^["']|["']$/g, '') === field
}
