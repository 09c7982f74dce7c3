import { z } from 'zod'
import { RemitError } from '../core/errors.ts'
import type { Task } from '../core/identity.ts'
import { isJsonObject } from '../core/json.ts'
import { SCOPE_DIMENSIONS, type Scope, type ScopeDimension } from '../core/scope.ts'
import type { ChildRequest } from '../gate/delegate.ts'
import { parseStrictJson } from '../net/strict-json.ts'
import { delegateBody } from './contract.ts'
import { parseBody } from './route.ts'

/** The one type of `authorization_details` (RFC 9396 §2): its members are those of the body of `POST /delegate`. */
export const TASK_DETAILS = 'remit_task'

const detailsSchema = delegateBody.partial({ intent: true }).extend({ type: z.literal(TASK_DETAILS) })

/**
 * What a token exchange asks its child to be. `scope` narrows with words like `paths:src/**`; `authorization_details` says
 * anything that `POST /delegate` takes; `intent` and `dpop_jkt` may stand beside it, each said once.
 * @throws RemitError `input_invalid`, with the word of OAuth in `data.oauth` where it is not `invalid_request`.
 */
export function wishOf(form: URLSearchParams): ChildRequest {
  const details = detailsOf(form.get('authorization_details'))
  const beside = {
    intent: form.get('intent'),
    holder: form.get('dpop_jkt'),
    scope: scopeOf(form.get('scope')),
  }
  const wish: Record<string, unknown> = { ...details }
  for (const [name, value] of Object.entries(beside)) {
    if (value === null) continue
    if (wish[name] !== undefined) {
      const parameter = name === 'holder' ? 'dpop_jkt' : name
      throw new RemitError(
        'input_invalid',
        `\`${parameter}\` is said in \`authorization_details\` too; say it once`,
      )
    }
    wish[name] = value
  }
  if (wish['intent'] === undefined) {
    throw new RemitError('input_invalid', '`intent` is missing: say in a sentence what the child is for')
  }
  // A parsed body never holds `undefined`, since JSON has none.
  return parseBody(delegateBody, wish) as ChildRequest
}

/** @throws RemitError `input_invalid`. */
function detailsOf(text: string | null): Readonly<Record<string, unknown>> {
  if (text === null) return {}
  try {
    const list = parseStrictJson(text)
    const [only, ...more] = Array.isArray(list) ? list : []
    if (only === undefined || more.length > 0 || !isJsonObject(only)) {
      throw new RemitError('input_invalid', `it is a list of one object of type \`${TASK_DETAILS}\``)
    }
    const { type: _, ...details } = parseBody(detailsSchema, only)
    return details
  } catch (thrown) {
    if (!(thrown instanceof RemitError)) throw thrown
    throw new RemitError('input_invalid', `\`authorization_details\`: ${thrown.message}`, {
      data: { oauth: 'invalid_authorization_details' },
    })
  }
}

/** Null = nothing is narrowed by words. @throws RemitError `input_invalid`. */
function scopeOf(text: string | null): Scope | null {
  const scope: { [D in ScopeDimension]?: string[] } = {}
  for (const word of (text ?? '').split(' ')) {
    if (word === '' || word === 'mcp') continue
    const [, dimension = '', pattern] = /^([a-z]+):(.+)$/.exec(word) ?? []
    if (pattern === undefined || !isDimension(dimension)) {
      throw new RemitError(
        'input_invalid',
        `\`${word.slice(0, 200)}\` is no scope here: use \`mcp\`, or words like \`paths:src/**\` of ${SCOPE_DIMENSIONS.join(', ')}`,
        { data: { oauth: 'invalid_scope' } },
      )
    }
    ;(scope[dimension] ??= []).push(pattern)
  }
  return Object.keys(scope).length === 0 ? null : scope
}

function isDimension(name: string): name is ScopeDimension {
  return (SCOPE_DIMENSIONS as readonly string[]).includes(name)
}

/** RFC 6749 §3.3: what can be in a word of a scope. */
const WORD = /^[\x21\x23-\x5B\x5D-\x7E]+$/

/** What a task may, in words of `scope` as far as those go; `grantedDetails` has all of it. */
export function grantedScope({ scope }: Pick<Task, 'scope'>): string {
  const words = SCOPE_DIMENSIONS.flatMap((dimension) =>
    (scope[dimension] ?? []).map((pattern) => `${dimension}:${pattern}`),
  )
  return ['mcp', ...words.filter((word) => WORD.test(word))].join(' ')
}

/** RFC 9396 §7: what was granted, in the shape in which it is asked for. */
export function grantedDetails(task: Task): object {
  const { intent, agent, scope, environment, workspace, budget, created, expires, holder } = task
  return {
    type: TASK_DETAILS,
    intent,
    agent,
    scope,
    environment,
    ...(workspace === undefined ? {} : { workspace }),
    budget,
    lifetime: expires - created,
    ...(holder === undefined ? {} : { holder }),
  }
}
