import type { Action } from '../../core/actions.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import type { ExtractionContext } from '../extract.ts'
import { findRepository } from '../forge-arguments.ts'
import { USUAL_FORGES } from '../repository/forge-hosts.ts'
import { targetless } from '../targetless.ts'

const FORGE = /^(?:repo|pr|issue|ci|release|deploy|git)\./
const NAMES = [
  'name',
  'resource',
  'resource_name',
  'pod',
  'instance',
  'instance_id',
  'deployment',
  'id',
] as const

/** What an inferred action is done to, as far as the arguments’ usual names tell. */
export function inferTarget(
  action: Action,
  input: JsonObject,
  context: Omit<ExtractionContext, 'actions' | 'pointer'>,
): readonly Operation[] {
  const whole = targetless({ ...context, actions: [action], pointer: '' })
  if (FORGE.test(action)) {
    const repository = findRepository(input, 'github.com', context.repositories?.forges ?? USUAL_FORGES)
    if (repository !== undefined) return whole.map((one) => ({ ...one, resource: repository, opaque: false }))
  }
  if (action.startsWith('infra.')) {
    const name = NAMES.map((key) => input[key]).find((value) => typeof value === 'string' && value !== '')
    if (typeof name === 'string') {
      const namespace = typeof input['namespace'] === 'string' ? `${input['namespace']}/` : ''
      const id = `${context.server}/${namespace}${name}`.slice(0, 256).toWellFormed()
      return whole.map((one) => ({
        ...one,
        resource: { type: 'InfraObject', id, ancestors: [] },
        opaque: false,
      }))
    }
  }
  return whole
}
