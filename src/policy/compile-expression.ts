import type { Json } from '../core/json.ts'
import { asList, entityFromEst, malformed, operatorOf } from './est.ts'
import type { Evaluate } from './evaluation.ts'
import { callExtension, isExtensionFunction } from './extensions/call-extension.ts'
import { long } from './extensions/long.ts'
import { ARITHMETIC } from './operators/arithmetic.ts'
import { ATTRIBUTES } from './operators/attributes.ts'
import { COMPARISON } from './operators/comparison.ts'
import { HIERARCHY } from './operators/hierarchy.ts'
import { LIKE } from './operators/like.ts'
import { LOGIC } from './operators/logic.ts'
import type { CompileOperator } from './operators/operator.ts'
import { SETS } from './operators/sets.ts'
import type { Value } from './values.ts'

const OPERATORS: ReadonlyMap<string, CompileOperator> = new Map(
  Object.entries({
    ...LOGIC,
    ...COMPARISON,
    ...ARITHMETIC,
    ...HIERARCHY,
    ...SETS,
    ...ATTRIBUTES,
    ...LIKE,
    Value: (body) => constant(literal(body)),
    Var: variable,
  } satisfies Record<string, CompileOperator>),
)

/**
 * Turns Cedar's JSON form of an expression into a closure. No code is generated.
 * @throws RemitError `policy_engine_failed` for an operator that this version does not know.
 */
export function compileExpression(expression: Json): Evaluate {
  const [operator, body] = operatorOf(expression)
  const compile = OPERATORS.get(operator)
  if (compile !== undefined) return fold(expression, compile(body, compileExpression))
  if (!isExtensionFunction(operator)) throw malformed(`operator \`${operator}\` is not known`)
  const args = asList(body).map(compileExpression)
  return fold(expression, (evaluation) =>
    callExtension(
      operator,
      args.map((argument) => argument(evaluation)),
    ),
  )
}

/** A constant needs no request: `ip("10.0.0.0/8")` and `["a", "b"]` are made once, when the set is loaded. */
function fold(expression: Json, evaluate: Evaluate): Evaluate {
  if (!isConstant(expression)) return evaluate
  try {
    return constant(evaluate(undefined as never))
  } catch {
    return evaluate
  }
}

function isConstant(expression: Json): boolean {
  const [operator, body] = operatorOf(expression)
  if (operator === 'Value') return true
  const constructor = operator === 'Set' || isExtensionFunction(operator)
  return constructor && asList(body).every(isConstant)
}

function constant(value: Value): Evaluate {
  return () => value
}

/** INVARIANT: reads policy text that the official parser wrote, never a fact or an argument. */
function literal(body: Json | bigint): Value {
  if (typeof body === 'string' || typeof body === 'boolean') return body
  if (typeof body === 'number') return long(BigInt(body))
  if (typeof body === 'bigint') return long(body)
  return entityFromEst(body)
}

const VARIABLES: ReadonlyMap<Json, Evaluate> = new Map<Json, Evaluate>([
  ['principal', (evaluation) => evaluation.principal],
  ['action', (evaluation) => evaluation.action],
  ['resource', (evaluation) => evaluation.resource],
  ['context', (evaluation) => evaluation.context],
])

function variable(body: Json): Evaluate {
  const read = VARIABLES.get(body)
  if (read === undefined) throw malformed('a variable is not known')
  return read
}
