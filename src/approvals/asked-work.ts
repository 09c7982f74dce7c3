import { groupsOf } from '../core/actions.ts'
import { canonicalJson } from '../core/canonical-json.ts'
import type { Decision } from '../core/decision.ts'
import type { JsonObject } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import { valueAt } from '../core/json-pointer.ts'

type Hash = (text: string) => string

/** What a call does, as far as it matters for whether it was refused: by operations, not by its bytes. */
export interface DoneWork {
  readonly operations: readonly Operation[]
  readonly arguments: JsonObject
}

/** Digests of everything that a call does. */
export function workOf({ operations, arguments: input }: DoneWork, sha256: Hash): readonly string[] {
  return [...new Set(operations.map((operation) => digestOf(operation, input, sha256)))]
}

/** Digests of what a person is asked about: the operations that stand before gates. */
export function askedWork(done: DoneWork, decision: Decision, sha256: Hash): readonly string[] {
  const { operations, arguments: input } = done
  const rules = new Set(decision.gates.map(({ policy }) => policy))
  const held = new Set(
    decision.reasons.flatMap(({ policy, operation }) =>
      operation !== undefined && rules.has(policy) ? [operation] : [],
    ),
  )
  // That a tool is called says nothing of what is done with it.
  const whole = held.size === 0 || held.has(0)
  const asked = operations.filter((_each, at) => (whole ? at > 0 || operations.length === 1 : held.has(at)))
  return workOf({ operations: asked, arguments: input }, sha256)
}

/** Whoever does all of what was refused does it again, whatever else they do beside it. */
export function repeats(done: readonly string[], refused: readonly string[]): boolean {
  return refused.length > 0 && refused.every((each) => done.includes(each))
}

function digestOf(operation: Operation, input: JsonObject, sha256: Hash): string {
  const { action, resource } = operation
  return sha256(
    canonicalJson([
      'remit-work-1',
      action,
      resource.type,
      resource.id.toWellFormed(),
      textOf(operation, input),
    ]),
  ).slice(0, 32)
}

/** What runs code is told apart by its words: `npm test` and `npm run deploy` are the same operation. */
function textOf({ action, origin }: Operation, input: JsonObject): string {
  if (origin.pointer === '' || !groupsOf(action).includes('execute')) return ''
  const value = valueAt(input, origin.pointer)
  if (typeof value !== 'string') return ''
  const text = origin.span === undefined ? value : value.slice(...origin.span)
  return text
    .replaceAll(/["'\\]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .toWellFormed()
}
