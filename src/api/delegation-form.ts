import { RemitError } from '../core/errors.ts'
import { BUDGET_KINDS, type Budget, ENVIRONMENTS, type Environment } from '../core/identity.ts'
import { SCOPE_DIMENSIONS, type Scope } from '../core/scope.ts'
import type { TaskRequest } from '../gate/administration.ts'
import type { StepUpAnswer } from '../gate/step-up.ts'
import { parseStrictJson } from '../net/strict-json.ts'

export const BUDGET_FIELDS = BUDGET_KINDS.filter((kind) => kind !== 'duration')

/**
 * What a person asked for in the form. An empty field is as the workflow says; a scope is one pattern a line, and the
 * line `nothing` permits nothing.
 * @throws RemitError `input_invalid` that names the field.
 */
export function readDelegation(form: URLSearchParams): Omit<TaskRequest, 'agent'> {
  const scope = scopeOf(form)
  const budget = budgetOf(form)
  const environment = environmentOf(form.get('environment'))
  const minutes = numberOf(form, 'lifetime')
  const workspace = (form.get('workspace') ?? '').trim()
  return {
    workflow: form.get('workflow') ?? '',
    intent: form.get('intent') ?? '',
    ...(Object.keys(scope).length === 0 ? {} : { scope }),
    ...(Object.keys(budget).length === 0 ? {} : { budget }),
    ...(environment === undefined ? {} : { environment }),
    ...(workspace === '' ? {} : { workspace }),
    ...(minutes === undefined ? {} : { lifetime: minutes * 60_000 }),
  }
}

function scopeOf(form: URLSearchParams): Scope {
  const entries = SCOPE_DIMENSIONS.flatMap((dimension) => {
    const lines = (form.get(`scope.${dimension}`) ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
    if (lines.length === 0) return []
    return [[dimension, lines.length === 1 && lines[0] === 'nothing' ? [] : lines] as const]
  })
  return Object.fromEntries(entries)
}

function budgetOf(form: URLSearchParams): Budget {
  const entries = BUDGET_FIELDS.flatMap((kind) => {
    const value = numberOf(form, `budget.${kind}`)
    return value === undefined ? [] : [[kind, value] as const]
  })
  return Object.fromEntries(entries)
}

function environmentOf(text: string | null): Environment | undefined {
  if (text === null || text === '') return undefined
  const found = ENVIRONMENTS.find((environment) => environment === text)
  if (found === undefined) throw new RemitError('input_invalid', `no environment \`${text}\``)
  return found
}

function numberOf(form: URLSearchParams, field: string): number | undefined {
  const text = (form.get(field) ?? '').trim()
  if (text === '') return undefined
  if (!/^\d{1,9}$/.test(text)) {
    throw new RemitError('input_invalid', `\`${field}\` must be a whole number, or left empty`)
  }
  return Number(text)
}

/** What the human answered when asked once more. @throws RemitError `json_*` for an assertion that is none. */
export function readStepUp(form: URLSearchParams): StepUpAnswer {
  const code = form.get('code')
  const assertion = form.get('assertion')
  return {
    ...(code === null || code === '' ? {} : { code }),
    ...(assertion === null ? {} : { assertion: parseStrictJson(assertion) }),
  }
}
