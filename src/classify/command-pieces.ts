import { forEachChild, type SyntaxNode } from 'unbash'
import { parseCommand } from './shell/parse-command.ts'

/** What runs a script of its own: it is shown within the command that it stands in. */
const NESTED: ReadonlySet<SyntaxNode['type']> = new Set<SyntaxNode['type']>([
  'CommandExpansion',
  'ProcessSubstitution',
])

/**
 * Where each simple command of a line of bash stands, as half-open ranges of UTF-16 code units, in order; empty where the
 * line cannot be read. For showing only: what the line would do is what `extractCommand` says.
 */
export function commandPieces(text: string): readonly (readonly [number, number])[] {
  const script = parseCommand(text)
  if (script === undefined) return []
  const found: (readonly [number, number])[] = []
  const look = (node: SyntaxNode): void => {
    if (NESTED.has(node.type)) return
    if (node.type === 'Command') found.push([node.pos, node.end])
    forEachChild(node, look)
  }
  look(script)
  return found.toSorted((a, b) => a[0] - b[0])
}
