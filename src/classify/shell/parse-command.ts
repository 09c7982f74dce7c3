import { forEachChild, parse, type ParsedScript, type SyntaxNode } from 'unbash'

const MAX_LENGTH = 8_192
const MAX_NODES = 500
const MAX_HERE_DOCS = 64

/** Tab and new line are white space of the shell; every other control character, and `\r`, is a trick. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/
/** Invisible, direction-changing and look-alike white space. */
const DECEPTIVE = /[\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u

/**
 * The syntax tree of a command line of bash; `undefined` when it is too large, malformed, or written so that a reader
 * would take it for something else. A line that is too large is not parsed at all.
 */
export function parseCommand(text: string): ParsedScript | undefined {
  if (text.length > MAX_LENGTH || CONTROL.test(text) || DECEPTIVE.test(text)) return undefined
  if (countHereDocs(text) > MAX_HERE_DOCS) return undefined
  try {
    const script = parse(text)
    return isSound(script) ? script : undefined
  } catch {
    return undefined
  }
}

function countHereDocs(text: string): number {
  return text.split('<<').length - 1
}

/** Visits everything, since a substitution parses when it is looked at and reports its own errors. */
function isSound(script: ParsedScript): boolean {
  let nodes = 0
  const open: SyntaxNode[] = [script]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    nodes += 1
    if (nodes > MAX_NODES) return false
    if (node.type === 'Script' && 'errors' in node && (node.errors?.length ?? 0) > 0) return false
    if (isUnread(node)) return false
    forEachChild(node, (child) => open.push(child))
    if (open.length > MAX_NODES) return false
  }
  return true
}

/** Parts whose inside the parser left alone. */
function isUnread(node: SyntaxNode): boolean {
  const { type } = node
  if (
    type === 'CommandExpansion' ||
    type === 'ProcessSubstitution' ||
    type === 'ArithmeticCommandExpansion'
  ) {
    return node.script === undefined
  }
  if (type === 'ArithmeticExpansion') return node.expression === undefined
  return type === 'ParameterExpansion' && node.operation?.type === 'Unknown'
}
