import { forEachChild, type SyntaxNode } from 'unbash'
import type { Findings, Span } from './findings.ts'
import { isKnownVariable, isSecretVariable } from './variables.ts'

type Node<T extends SyntaxNode['type']> = Extract<SyntaxNode, { type: T }>

/** A part of a word that is a command of its own. */
export function isSubstitution(
  node: SyntaxNode,
): node is Node<'CommandExpansion' | 'ProcessSubstitution' | 'ArithmeticCommandExpansion'> {
  return (
    node.type === 'CommandExpansion' ||
    node.type === 'ProcessSubstitution' ||
    node.type === 'ArithmeticCommandExpansion'
  )
}

interface ExpansionPlace {
  readonly findings: Findings
  /** Variables that the line itself sets. */
  readonly assigned: ReadonlySet<string>
  readonly assign: (name: string, span: Span) => void
}

/** What an expansion does by itself: showing a variable, setting one, running text as code. */
export function readExpansion(node: SyntaxNode, place: ExpansionPlace): void {
  if (node.type === 'ArithmeticExpansion') readArithmetic(node, place)
  else if (node.type === 'ParameterExpansion') readParameter(node, place)
  else if (node.type === 'SimpleExpansion') showVariable(node.text.slice(1), [node.pos, node.end], place)
}

function readParameter(node: Node<'ParameterExpansion'>, place: ExpansionPlace): void {
  const span: Span = [node.pos, node.end]
  const { operation, prefix, index } = node
  // `@P` runs text as a prompt, `!x` reads a variable by its value, a subscript is arithmetic.
  const tricky = prefix === '!' || operation?.type === 'Transform' || operation?.type === 'Slice'
  if (tricky || (index !== undefined && !/^(@|\*|\d+|-1)$/.test(index.text))) {
    place.findings.opaque(node.text, span)
  }
  if (operation?.type === 'Default' && operation.operator.endsWith('=')) place.assign(node.parameter, span)
  showVariable(node.parameter, span, place)
}

/** Names in arithmetic are evaluated again and again, and may hold anything. */
function readArithmetic(root: Node<'ArithmeticExpansion'>, { findings }: ExpansionPlace): void {
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'ArithmeticWord' && !/^(\d+|0x[\da-f]+|\$\{?[#?$]\}?|\$#)$/i.test(node.value)) {
      findings.opaque('$((', [root.pos, root.end])
    }
    forEachChild(node, visit)
  }
  forEachChild(root, visit)
}

function showVariable(name: string, span: Span, { findings, assigned }: ExpansionPlace): void {
  if (assigned.has(name) || isKnownVariable(name)) return
  if (isSecretVariable(name)) {
    const resource = { type: 'Secret', id: `env/${name.slice(0, 64)}`, ancestors: [] } as const
    findings.add('secret.read', resource, { span })
  } else if (/^[A-Z_][A-Z0-9_]+$/.test(name)) findings.opaque(`$${name}`, span)
}
