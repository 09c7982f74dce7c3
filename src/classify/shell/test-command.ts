import { forEachChild, type SyntaxNode, type TestCommand } from 'unbash'

const NAME = /^[A-Za-z_]\w*$/
/** Numbers, and variables that hold nothing else: any other's value may be an array with a subscript that runs. */
const COUNT = /^"?(-?\d+|\$[#?$]|\$\{#\w*\})"?$/

/** `[[ x -eq 1 ]]` evaluates words as arithmetic, and arithmetic runs what the subscripts of arrays say. */
export function evaluatesWords(node: TestCommand): boolean {
  let found = false
  const visit = (inner: SyntaxNode): void => {
    if (inner.type === 'TestBinary' && /^-(eq|ne|lt|le|gt|ge)$/.test(inner.operator))
      found ||= !COUNT.test(inner.left.text) || !COUNT.test(inner.right.text)
    else if (inner.type === 'TestUnary' && /^-(v|R)$/.test(inner.operator))
      found ||= !NAME.test(inner.operand.text)
    if (inner.type !== 'Word') forEachChild(inner, visit)
  }
  visit(node)
  return found
}
