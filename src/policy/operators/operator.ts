import type { Json } from '../../core/json.ts'
import type { Evaluate } from '../evaluation.ts'

type Compile = (expression: Json) => Evaluate

/** Turns the body of one operator's JSON form into a closure; `compile` does its operands. */
export type CompileOperator = (body: Json, compile: Compile) => Evaluate
