import { RemitError } from '../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { AuthzenDoorDeps } from './door-deps.ts'
import { evaluate, evaluateItem, type EvaluationAnswer } from './evaluate.ts'
import type { Exchange } from './exchange.ts'
import { checkDefaults, objectAt } from './read-evaluation.ts'

/** §7.1.2.1: after which decision nothing more is evaluated; undefined = after none. */
const ENDS_AT: ReadonlyMap<string, boolean | undefined> = new Map([
  ['execute_all', undefined],
  ['deny_on_first_deny', false],
  ['permit_on_first_permit', true],
])

/** Each is a decision of its own on record. */
const MOST_EVALUATIONS = 100

/**
 * §7: one after the other, in their order; each permit is a call that may be made, and counts as one.
 * @throws RemitError `request_invalid` when the request as a whole is none.
 */
export async function evaluateAll(
  deps: AuthzenDoorDeps,
  exchange: Exchange,
  body: JsonObject,
): Promise<EvaluationAnswer | { readonly evaluations: readonly EvaluationAnswer[] }> {
  const items = itemsOf(body['evaluations'])
  const end = endOf(body['options'])
  if (items.length === 0) return evaluate(deps, exchange, body)
  checkDefaults(body)
  const { subject, action, resource, context } = body
  const defaults = Object.fromEntries(
    Object.entries({ subject, action, resource, context }).filter(([, value]) => value !== undefined),
  ) as JsonObject
  const evaluations: EvaluationAnswer[] = []
  for (const item of items) {
    exchange.signal.throwIfAborted()
    const answer = await evaluateItem(deps, exchange, { ...defaults, ...item })
    evaluations.push(answer)
    if (answer.decision === end) break
  }
  return { evaluations }
}

function itemsOf(value: Json | undefined): readonly JsonObject[] {
  if (value === undefined) return []
  const items = Array.isArray(value) ? (value as readonly Json[]) : undefined
  if (items === undefined || !items.every(isJsonObject)) {
    throw new RemitError('request_invalid', '`evaluations` must be a list of objects')
  }
  if (items.length > MOST_EVALUATIONS) {
    throw new RemitError(
      'request_invalid',
      `\`evaluations\` must have ${MOST_EVALUATIONS} items at most; ask in several requests`,
    )
  }
  return items
}

function endOf(options: Json | undefined): boolean | undefined {
  const semantic = options === undefined ? undefined : objectAt(options, 'options')['evaluations_semantic']
  if (semantic === undefined) return undefined
  if (typeof semantic === 'string' && ENDS_AT.has(semantic)) return ENDS_AT.get(semantic)
  const known = [...ENDS_AT.keys()].map((name) => `\`${name}\``).join(', ')
  throw new RemitError('request_invalid', `\`options.evaluations_semantic\` must be one of ${known}`)
}
