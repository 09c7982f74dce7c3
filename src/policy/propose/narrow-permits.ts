import type { EntityRef } from '../../core/resource.ts'
import type { Json } from '../../core/json.ts'
import { compilePolicy } from '../compile-policy.ts'
import { RequestEntities } from '../entities.ts'
import { PolicyIndex } from '../index-policies.ts'
import { EntityUid } from '../values.ts'
import type { Est } from '../est.ts'
import type { ParsedPolicy } from '../parse-job.ts'
import { generalise, type ObservedUse, type Use } from './observed-use.ts'

/** A policy of the proposal, and why it is there. */
export interface ProposedPolicy {
  readonly est: Est
  readonly comment?: string
}

export interface Proposal {
  readonly policies: readonly ProposedPolicy[]
  /** Permits that the workflow has now and did not use. */
  readonly unused: readonly string[]
}

/**
 * The present policies, with their permits taken from one workflow and given back as far as it used them. All forbids and
 * gates stay, and each new permit is a present one with more conditions: whatever the proposal allows is allowed now, with the
 * same obligations.
 */
export function narrowPermits(
  present: readonly ParsedPolicy[],
  use: ObservedUse,
  about: { readonly workflow: string; readonly support: number },
): Proposal {
  const { workflow, support } = about
  const permits = present.filter(isTaskPermit)
  const uses = [...use.uses.values()].toSorted((a, b) =>
    `${a.permit} ${a.action}` < `${b.permit} ${b.action}` ? -1 : 1,
  )
  const given = uses.flatMap((each): ProposedPolicy[] => {
    const policy = permits.find(({ id }) => id === each.permit)
    if (policy === undefined) return []
    const where = generalise([...each.resources.values()], support)
    const obliging = permits.filter(
      (other) => other.id !== policy.id && obliges(other) && mayHoldFor(other, each.action),
    )
    const comment = `${each.operations} operations on ${each.resources.size} resources, by ${policy.id}`
    return [
      { est: narrowed(policy, each, { workflow, where }), comment },
      ...obliging.map((other) => ({
        est: narrowed(other, each, { workflow, where }, `${policy.id}-${other.id}`),
        comment: `what ${other.id} asks for the result of the same`,
      })),
    ]
  })
  const kept = present.map((policy) => ({
    est: isTaskPermit(policy) ? exceptFor(policy.est, workflow) : policy.est,
  }))
  const applied = new Map([...kept, ...given].map((each) => [JSON.stringify(each.est), each]))
  const used = new Set(uses.map(({ permit }) => permit))
  return {
    policies: [...applied.values()],
    unused: permits.map(({ id }) => id).filter((id) => !used.has(id)),
  }
}

const OF_HUMANS = ['Human', 'Team', 'Role']

/** It may permit a task; what only humans may is the ceiling, which stays. */
function isTaskPermit({ est }: ParsedPolicy): boolean {
  const { principal } = est
  const { entity_type: type, entity } = principal as { readonly entity_type?: Json; readonly entity?: Json }
  const within = (entity as { readonly type?: Json } | undefined)?.type
  return est['effect'] === 'permit' && !OF_HUMANS.some((each) => each === type || each === within)
}

function mayHoldFor({ id, est }: ParsedPolicy, action: string): boolean {
  const compiled = compilePolicy(est, { id, source: 'pack' })
  const index = new PolicyIndex([compiled], new RequestEntities([]))
  return index.ofAction(new EntityUid('Action', action)).length > 0
}

function obliges({ est }: ParsedPolicy): boolean {
  const annotations = Object.keys((est['annotations'] ?? {}) as object)
  return annotations.includes('redact') || annotations.includes('withhold')
}

function narrowed(
  { id, est }: ParsedPolicy,
  { action }: Use,
  of: { readonly workflow: string; readonly where: readonly EntityRef[] },
  name = id,
): Est {
  const inWorkflow = isIn('principal', value({ type: 'Workflow', id: of.workflow }))
  const body: Json = { '&&': { left: inWorkflow, right: isAmong(of.where) } }
  return {
    ...est,
    annotations: {
      ...(est['annotations'] as object),
      id: `${slug(of.workflow)}/${name}/${action}`,
    },
    action: { op: '==', entity: { type: 'Action', id: action } },
    conditions: [{ kind: 'when', body }, ...(est['conditions'] as readonly Json[])],
  }
}

function exceptFor(est: Est, workflow: string): Est {
  const body = isIn('principal', value({ type: 'Workflow', id: workflow }))
  return { ...est, conditions: [...(est['conditions'] as readonly Json[]), { kind: 'unless', body }] }
}

function value({ type, id }: { readonly type: string; readonly id: string }): Json {
  return { Value: { __entity: { type, id } } }
}

function isIn(variable: string, right: Json): Json {
  return { in: { left: { Var: variable }, right } }
}

/** In one of these; a set holds entities of one type. */
function isAmong(where: readonly EntityRef[]): Json {
  const types = [...new Set(where.map(({ type }) => type))]
  const parts = types.map((type) => {
    const [only, ...others] = where.filter((each) => each.type === type).map(value)
    return isIn('resource', others.length === 0 ? (only ?? null) : { Set: [only ?? null, ...others] })
  })
  return parts.reduce((left, right) => ({ '||': { left, right } }))
}

/** As ids of policies may be. */
function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9._-]/g, '-')
}
