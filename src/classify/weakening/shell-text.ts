import type { Replacement } from '../patches/read-blocks.ts'

/** Text that a command line writes into files, as far as the line shows it. */
export interface ShellText {
  /** Replacements by sed and perl. */
  readonly replaced: Replacement | undefined
  /** Here-documents, or the line itself where the text is among its words. */
  readonly written: string
  /** A file is made empty. */
  readonly emptied: boolean
}

const SUBSTITUTION =
  /(?:^|['"\s;{])s([/|#,!@~%])((?:\\.|(?!\1)[^\n\\])*)\1((?:\\.|(?!\1)[^\n\\])*)\1[a-zA-Z0-9]*/g
const DELETION = /(?:^|['"\s;{])\/((?:\\.|[^/\n\\])+)\/(?:,\s*\/(?:\\.|[^/\n\\])+\/)?\s*d\b/g
const HEREDOC = /<<-?\s*(?:'(\w+)'|"(\w+)"|\\?(\w+))[^\n]*\n([\s\S]*?)\n\s*(?:\1\2\3)(?:\n|$)/g
const EMPTY =
  /(?:^|[;&|]\s*|\bthen\s+)(?::|true|echo\s+-n(?:\s+(?:""|''))?|printf\s+(?:""|'')|cat\s+\/dev\/null|cp\s+\/dev\/null)?\s*>\s*[^>&|\s]|\btruncate\b[^\n;|&]*\s(?:-s\s*0|--size[= ]0)\b|\bcp\s+\/dev\/null\s/
const EDITORS = /\b(?:sed|gsed|perl|ruby)\b[^\n]*\s-[a-zA-Z]*i/

/** Only ever adds to what is asked about, so the shape of the line is enough; the parser decides what it does. */
export function readShellText(line: string): ShellText {
  const olds: string[] = []
  const news: string[] = []
  if (EDITORS.test(line)) {
    for (const [, , old = '', fresh = ''] of line.matchAll(SUBSTITUTION)) {
      olds.push(plain(old))
      news.push(plain(fresh))
    }
    for (const [, old = ''] of line.matchAll(DELETION)) olds.push(asCall(plain(old)))
  }
  const documents = [...line.matchAll(HEREDOC)].map(([, , , , body = '']) => body)
  return {
    replaced: olds.length === 0 ? undefined : { before: olds.join('\n'), after: news.join('\n') },
    written: documents.length === 0 ? line : documents.join('\n'),
    emptied: EMPTY.test(line),
  }
}

/** An expression as the text that it most plainly stands for. */
function plain(expression: string): string {
  return expression.replace(/\\([()[\]{}.*+?|/^$'"])/g, '$1').replace(/\.\*|[\^$]/g, '')
}

/** A line that is deleted by a word of it is deleted with the call that it holds. */
function asCall(text: string): string {
  return /\b(?:expect|assert\w*|it|test)$/.test(text) ? `${text}(` : text
}
