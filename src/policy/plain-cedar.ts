import type { Json, JsonObject } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { annotationsOf, listMember, type Est } from './est.ts'
import { ANNOTATIONS } from './annotations.ts'
import { BUILTIN_PREFIX } from './builtin-policies.ts'

/**
 * A policy with a gate as plain Cedar, which any Cedar engine decides as Remit does once the approval exists:
 * `@consent("scope")` also becomes `unless { context.approvals.contains("scope") }`.
 */
export function toPlainCedar(est: Est): Est {
  const scope = annotationsOf(est).get('consent')
  if (scope === undefined) return est
  return { ...est, conditions: [...listMember(est, 'conditions'), approvedClause(scope)] }
}

/** Policies that another engine had, for Remit. Remit's own rules among them are left out: it has them. */
export function importPlainCedar(policies: readonly Est[]): readonly Est[] {
  return policies
    .filter((est) => annotationsOf(est).get('id')?.startsWith(BUILTIN_PREFIX) !== true)
    .map((est, index) => fromPlainCedar(est, `imported-${index + 1}`))
}

/**
 * The way back: the clause becomes a gate, with `@consent` where it was missing. Annotations that Remit does not
 * know are dropped, and a policy without a name gets `fallbackId`.
 */
function fromPlainCedar(est: Est, fallbackId: string): Est {
  const known = [...annotationsOf(est)].filter(([name]) => Object.hasOwn(ANNOTATIONS, name))
  const annotations = new Map(known)
  if (!annotations.has('id')) annotations.set('id', fallbackId)
  const conditions = listMember(est, 'conditions')
  const scopes = est['effect'] === 'forbid' ? conditions.map(approvedScope) : []
  const position = scopes.findLastIndex((scope) => scope !== undefined)
  const scope = scopes[position]
  if (scope === undefined) return { ...est, annotations: Object.fromEntries(annotations) }
  annotations.set('consent', scope)
  return {
    ...est,
    annotations: Object.fromEntries(annotations),
    conditions: conditions.filter((_, index) => index !== position),
  }
}

function approvedClause(scope: string): JsonObject {
  const approvals = { '.': { left: { Var: 'context' }, attr: 'approvals' } }
  return { kind: 'unless', body: { contains: { left: approvals, right: { Value: scope } } } }
}

/** The scope of a clause that is exactly the one above; undefined for any other. */
function approvedScope(clause: Json): string | undefined {
  const contains =
    isJsonObject(clause) && isJsonObject(clause['body']) ? clause['body']['contains'] : undefined
  const right = isJsonObject(contains) ? contains['right'] : undefined
  const scope = isJsonObject(right) ? right['Value'] : undefined
  if (typeof scope !== 'string') return undefined
  return JSON.stringify(clause) === JSON.stringify(approvedClause(scope)) ? scope : undefined
}
