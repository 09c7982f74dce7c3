import { isJsonObject, type Json } from '../core/json.ts'
import type { StatementStructure } from './split-policies.ts'

const MOST_DEPTH = 64
const MOST_CHAIN = 100
/** Text with more operators than this is not handed to the official parser, whose stack it could overflow. */
const MOST_OPERATORS = 2000

/** Refuses text that is too deep for the official parser, before it parses. Undefined = fine. */
export function lintText(structure: StatementStructure): string | undefined {
  if (structure.depth > MOST_DEPTH) return `brackets nest ${structure.depth} deep, at most ${MOST_DEPTH} may`
  if (structure.prefixRun > MOST_DEPTH) {
    return `${structure.prefixRun} prefix operators stand in a row, at most ${MOST_DEPTH} may`
  }
  if (structure.operators > MOST_OPERATORS) {
    return `the policy has ${structure.operators} operators, at most ${MOST_OPERATORS} may stand in one`
  }
  return undefined
}

/** Names of an operator's own parts, which are no level of their own. */
const OPERANDS = new Set(['left', 'right', 'arg', 'if', 'then', 'else', 'attr', 'pattern'])
/** Operators that chain to the left: a run of one of them is one level deep, and at most 100 long. */
const CHAINED = new Set(['&&', '||', '+', '-', '*', '.'])

/** Depth, chains and integers of a policy's JSON form. */
export function lintExpression(expression: Json): readonly string[] {
  const found = { depth: 0, chain: 0, integers: new Set<number>() }
  walk(expression, { depth: 1, operator: '', chain: 1 }, found)
  const problems: string[] = []
  if (found.depth > MOST_DEPTH)
    problems.push(`the expression is ${found.depth} deep, at most ${MOST_DEPTH} is allowed`)
  if (found.chain > MOST_CHAIN) {
    problems.push(`a chain of one operator is ${found.chain} long, at most ${MOST_CHAIN} is allowed`)
  }
  for (const integer of found.integers) {
    problems.push(`the integer ${integer} is beyond ±(2^53 - 1), which is as far as policies may count`)
  }
  return problems
}

interface Place {
  readonly depth: number
  /** Operator that the expression is an operand of, and how many of its kind lead here in a row. */
  readonly operator: string
  readonly chain: number
}

function walk(
  expression: Json,
  place: Place,
  found: { depth: number; chain: number; integers: Set<number> },
): void {
  if (typeof expression === 'number' && !Number.isSafeInteger(expression)) found.integers.add(expression)
  if (Array.isArray(expression)) for (const item of expression as readonly Json[]) walk(item, place, found)
  if (!isJsonObject(expression)) return
  for (const [name, value] of Object.entries(expression)) {
    if (OPERANDS.has(name)) walk(value, place, found)
    else {
      const chained = name === place.operator && CHAINED.has(name)
      const chain = chained ? place.chain + 1 : 1
      const depth = chained ? place.depth : place.depth + 1
      found.depth = Math.max(found.depth, depth)
      found.chain = Math.max(found.chain, chain)
      walk(value, { depth, operator: name, chain }, found)
    }
  }
}
