import type { Label } from '../core/labels.ts'
import type { Json } from '../core/json.ts'
import type { Operation } from '../core/operation.ts'
import type { EntityRef, Resource } from '../core/resource.ts'
import type { ExtractionContext } from './extract.ts'

const PROTECTED =
  /^(main|master|trunk|mainline|default|develop|development|production|prod|prd|live|stable|staging|gh-pages|release([-/_.].*)?|releases\/.*|rel\/.*|hotfix\/.*|v?\d+(\.\d+|\.x)+.*|.*-stable|support\/.*|deploy(ment)?([-/].*)?)$/i
const PRODUCTION = /^(production|prod|prd|live)$/i

/** git-check-ref-format(1), and no name that a program could take for an option. */
const REF = /^(?!-)(?!.*(\.\.|@\{|\/\/|\.lock(\/|$)|\.$|\/$))[^\s~^:?*[\\\p{Cc}\p{Cf}\p{Cs}]+$/u

export interface BranchFound {
  readonly resource: Resource
  readonly labels: readonly Label[]
  readonly opaque: boolean
}

/**
 * A branch or tag by its name, with or without `refs/heads/`. A name that is not known could be that of a protected
 * branch, and counts as one.
 */
export function findBranch(name: string | undefined, repository: EntityRef): BranchFound {
  const short = name?.replace(/^refs\/(heads|tags)\//, '').replace(/^heads\//, '')
  const ancestors = [{ type: repository.type, id: repository.id }]
  if (short === undefined || !REF.test(short) || /^(HEAD|@|FETCH_HEAD|ORIG_HEAD)$/.test(short)) {
    return { resource: { type: 'Branch', id: '?', ancestors }, labels: ['protected'], opaque: true }
  }
  const labels: Label[] = []
  const tag = name?.startsWith('refs/tags/') === true
  if (PROTECTED.test(short) || tag || short.startsWith('refs/')) labels.push('protected')
  if (PRODUCTION.test(short)) labels.push('production')
  return { resource: { type: 'Branch', id: short, ancestors }, labels, opaque: false }
}

/** Argument kind `branch`: the name of a branch in the repository that the server serves. */
export function extractBranch(
  value: Json,
  { actions, pointer, server }: ExtractionContext,
): readonly Operation[] {
  const { resource, labels, opaque } = findBranch(typeof value === 'string' ? value : undefined, {
    type: 'Repository',
    id: server,
  })
  return actions.map((action) => ({ action, resource, labels, opaque, origin: { pointer } }))
}
