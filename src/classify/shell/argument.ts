import type { Statement, SyntaxNode, Word, WordPart } from 'unbash'
import { forEachChild } from 'unbash'

/** One word of a command as the program would get it, as far as the text tells. */
export interface Argument {
  /** Decoded; of a dynamic word only what stands before its first expansion. */
  readonly text: string
  /** `glob` = the shell puts the names of files here; `dynamic` = nobody knows before it runs. */
  readonly kind: 'literal' | 'glob' | 'dynamic'
  /** A dynamic word that may become several. */
  readonly splits: boolean
  /** Nobody can be shown it beforehand: another command prints some of it, or it begins with what a variable holds. */
  readonly unseen?: true
  /** Variables whose values it would show. */
  readonly variables: readonly string[]
  /** Half-open range in the command line, in UTF-16 code units. */
  readonly span: readonly [number, number]
}

/** Something that stands for arguments which come from elsewhere: standard input, another program. */
export function unknownArguments(span: readonly [number, number]): Argument {
  return { text: '', kind: 'dynamic', splits: true, unseen: true, variables: [], span }
}

/** A word in which a program puts the names of files: what is around them is there to be read. */
export function wordAround(span: readonly [number, number]): Argument {
  return { text: '', kind: 'dynamic', splits: true, variables: [], span }
}

export function literalArgument(text: string, span: readonly [number, number]): Argument {
  return { text, kind: 'literal', splits: false, variables: [], span }
}

/** Whether it can be anything, an option included. */
export function couldBeOption({ kind, text, splits }: Argument): boolean {
  return splits || (kind !== 'literal' && (text === '' || text.startsWith('-')))
}

/** Reads a word. Substitutions in it are commands of their own, which the walk visits. */
export function readWord(word: Word): Argument {
  const span = [word.pos, word.end] as const
  const { parts } = word
  if (parts === undefined) return { ...literalArgument(asPath(word), span) }
  const known = home(word, parts)
  if (known !== undefined) return literalArgument(known, span)
  let text = ''
  let kind: Argument['kind'] = 'literal'
  for (const part of parts) {
    const read = readPart(part)
    if (read.kind === 'dynamic') {
      const unseen = isUnseen(parts) ? ({ unseen: true } as const) : {}
      return { text, kind: 'dynamic', splits: splits(parts), ...unseen, variables: variablesOf(word), span }
    }
    if (read.kind === 'glob') kind = 'glob'
    text += read.text
  }
  // A quoted star is no glob, and this text could not tell them apart.
  if (kind === 'glob' && parts.some(hidesGlob)) kind = 'dynamic'
  return { text: protectTilde(text, word.text), kind, splits: kind !== 'literal', variables: [], span }
}

function readPart(part: WordPart): Pick<Argument, 'text' | 'kind'> {
  const { type } = part
  if (type === 'Literal' || type === 'SingleQuoted' || type === 'AnsiCQuoted') {
    return { text: part.value, kind: 'literal' }
  }
  if (type === 'DoubleQuoted') {
    const inner = part.parts.map(readPart)
    const kind = inner.some((each) => each.kind === 'dynamic') ? 'dynamic' : 'literal'
    return { text: inner.map(({ text }) => text).join(''), kind }
  }
  return type === 'Glob' ? { text: part.text, kind: 'glob' } : { text: '', kind: 'dynamic' }
}

function hidesGlob(part: WordPart): boolean {
  if (part.type === 'Glob') return part.kind === 'bracket' && /[\\'"$`]/.test(part.text)
  return part.type === 'Literal' ? /\\/.test(part.text) : /[*?[\]]/.test(part.text)
}

/** Whether no part of the line says what a word would be, as far as it is to be run. */
export function isUnseen(parts: readonly WordPart[]): boolean {
  const [first] = parts
  return first !== undefined && (isVariable(first) || parts.some(isComputed))
}

function isVariable(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts[0] !== undefined && isVariable(part.parts[0])
  return part.type === 'SimpleExpansion' || part.type === 'ParameterExpansion'
}

function isComputed(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.some(isComputed)
  if (part.type === 'ProcessSubstitution') return true
  return part.type === 'CommandExpansion' && !printsWords(part.script?.commands)
}

/** `$(echo words)`: the line says what comes out. */
function printsWords(statements: readonly Statement[] | undefined): boolean {
  const [only] = statements ?? []
  if (only?.command.type !== 'Command' || statements?.length !== 1) return false
  const { name, args, redirects } = only.command
  return (
    name?.text === 'echo' &&
    redirects.length === 0 &&
    args.every((part) => part.type === 'Word' && readWord(part).kind === 'literal')
  )
}

/** An expansion outside quotes is split at white space; a quoted `$@` too. */
function splits(parts: readonly WordPart[]): boolean {
  return parts.some(
    (part) =>
      part.type === 'SimpleExpansion' ||
      part.type === 'ParameterExpansion' ||
      part.type === 'CommandExpansion' ||
      part.type === 'BraceExpansion' ||
      part.type === 'ExtendedGlob' ||
      part.type === 'Glob' ||
      (part.type === 'DoubleQuoted' && /\$(@|\{[^}]*@)/.test(part.text)),
  )
}

/** `"$HOME/x"` and `$PWD/x` as the paths that they are. Assigning to either makes the line opaque. */
function home(word: Word, parts: readonly WordPart[]): string | undefined {
  const match = /^"?\$(?:\{(HOME|PWD)\}|(HOME|PWD)(?![A-Za-z0-9_]))"?(\/[\w./@+,-]*)?"?$/.exec(word.text)
  if (match === null || parts.length === 0) return undefined
  return (match[1] ?? match[2]) === 'HOME' ? `~${match[3] ?? ''}` : `.${match[3] ?? ''}`
}

function asPath(word: Word): string {
  return protectTilde(word.value, word.text)
}

/** A quoted `~` is a name and no home. */
function protectTilde(value: string, written: string): string {
  return value.startsWith('~') && !written.startsWith('~') ? `./${value}` : value
}

/** Names of the variables that a node would show, substitutions left aside. */
function variablesOf(root: SyntaxNode): readonly string[] {
  const names: string[] = []
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'SimpleExpansion') names.push(node.text.slice(1))
    else if (node.type === 'ParameterExpansion') names.push(node.prefix === '!' ? '!' : node.parameter)
    if (node.type !== 'CommandExpansion' && node.type !== 'ProcessSubstitution') forEachChild(node, visit)
  }
  visit(root)
  return names
}
