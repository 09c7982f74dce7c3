import type { Action } from '../../core/actions.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { Label } from '../../core/labels.ts'
import type { Resource } from '../../core/resource.ts'
import { labelRepositoryPaths } from '../changed-paths.ts'
import { findBranch } from '../git-refs.ts'
import { isControlPath } from '../weakening/mark-weakening.ts'

/** What something at a forge is done to. A name that is `undefined` is not known. */
export type ForgeObject =
  | { readonly on: 'repository' }
  | { readonly on: 'branch'; readonly name: string | undefined }
  | { readonly on: 'pull-request'; readonly number: string | undefined }
  | { readonly on: 'secret'; readonly name: string | undefined }
  /** What is kept beside repositories: accounts, snippets, notifications. */
  | { readonly on: 'server' }

/** One thing that is done at a forge, whichever door it comes through. */
export interface ForgeAct {
  readonly actions: readonly Action[]
  readonly object: ForgeObject
  /** Files that it changes, by their paths in the repository; `'unknown'` = some, and nobody knows which. */
  readonly paths?: readonly string[] | 'unknown'
  /** Branch or tag that a pipeline runs for, which is not changed by it. */
  readonly ref?: string | undefined
  readonly opaque?: boolean
}

/** A host, and the repository on it; `undefined` = it cannot be told. */
export interface ForgePlace {
  readonly host: string
  readonly repository: Resource | undefined
}

/** An operation that still lacks where it came from. */
export interface ForgeOperation {
  readonly action: Action
  readonly resource: Resource
  readonly labels: readonly Label[]
  readonly opaque: boolean
}

/** The operations of an act: the same for every door. */
export function forgeOperations(act: ForgeAct, place: ForgePlace): readonly ForgeOperation[] {
  const { resource, labels, opaque } = targetOf(act.object, place)
  const changed =
    act.paths === undefined || act.paths === 'unknown'
      ? { labels: [], opaque: act.paths === 'unknown' }
      : labelChanged(act.paths)
  return act.actions.map((action) => ({
    action,
    // A control is one of the repository, whatever its removal is done to.
    resource: action === 'control.weaken' ? repositoryOf(place) : resource,
    labels: [...new Set([...labels, ...changed.labels, ...labelsOfRef(act.ref, place)])],
    opaque: opaque || changed.opaque || act.opaque === true,
  }))
}

/** A path in a request may still be decoded by whoever reads it. */
function labelChanged(paths: readonly string[]): {
  readonly labels: readonly Label[]
  readonly opaque: boolean
} {
  const found = labelRepositoryPaths(paths)
  return { labels: found.labels, opaque: found.opaque || paths.some((path) => path.includes('%')) }
}

function labelsOfRef(ref: string | undefined, place: ForgePlace): readonly Label[] {
  if (ref === undefined) return []
  return findBranch(ref, repositoryOf(place)).labels.filter((label) => label === 'production')
}

function repositoryOf({ repository }: ForgePlace): Resource {
  return repository ?? { type: 'Repository', id: '?', ancestors: [] }
}

function targetOf(object: ForgeObject, place: ForgePlace): Omit<ForgeOperation, 'action'> {
  const repository = repositoryOf(place)
  const opaque = place.repository === undefined
  const ancestors = [{ type: 'Repository', id: repository.id }]
  switch (object.on) {
    case 'repository':
      return { resource: repository, labels: [], opaque }
    case 'branch': {
      const found = findBranch(object.name, repository)
      return { ...found, opaque: opaque || found.opaque }
    }
    case 'pull-request': {
      const known = object.number !== undefined && /^\d{1,12}$/.test(object.number)
      const id = `${repository.id}#${known ? (object.number ?? '?') : '?'}`
      return { resource: { type: 'PullRequest', id, ancestors }, labels: [], opaque: opaque || !known }
    }
    case 'secret': {
      const id = `${repository.id}/${object.name ?? '?'}`
      return {
        resource: { type: 'Secret', id, ancestors: [] },
        labels: [],
        opaque: opaque || object.name === undefined,
      }
    }
    case 'server':
      return { resource: { type: 'Server', id: place.host, ancestors: [] }, labels: [], opaque: false }
    default:
      return object satisfies never
  }
}

/** Body of a request, or fields of a tool; `undefined` = not known. */
export type ForgeInput = JsonObject | undefined

export function textIn(input: ForgeInput, name: string): string | undefined {
  const value: Json | undefined = input !== undefined && Object.hasOwn(input, name) ? input[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** What a review does is said by its verdict; one that is not known could be each. */
export function reviewActions(input: ForgeInput): readonly Action[] {
  if (input === undefined) return ['pr.approve', 'pr.comment']
  const event = input['event']
  if (event === undefined || event === null) return ['pr.comment']
  if (typeof event === 'string' && /^(COMMENT|REQUEST_CHANGES|PENDING)$/i.test(event)) return ['pr.comment']
  return typeof event === 'string' && event.toUpperCase() === 'APPROVE'
    ? ['pr.approve']
    : ['pr.approve', 'pr.comment']
}

/** What a change of a pull request does: closing it and calling it ready are not mere edits. */
export function updateActions(input: ForgeInput, routine: readonly string[] = []): readonly Action[] {
  if (input === undefined) return ['pr.update', 'pr.ready', 'pr.close']
  const actions = new Set<Action>()
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || routine.includes(name)) continue
    if (name === 'state' || name === 'state_event') {
      if (value === 'closed' || value === 'close') actions.add('pr.close')
      else if (value === 'open' || value === 'reopen') actions.add('pr.update')
      else for (const each of ['pr.close', 'pr.update'] as const) actions.add(each)
    } else if (name === 'draft') {
      if (value !== false && value !== 'false') actions.add('pr.update')
      if (value !== true && value !== 'true') actions.add('pr.ready')
    } else actions.add('pr.update')
  }
  return actions.size === 0 ? ['pr.update'] : [...actions]
}

/** Deleting a test or a check weakens what protects the project. */
export function deletionActions(path: string): readonly Action[] {
  const { labels } = labelRepositoryPaths([path])
  return isControlPath({ path, labels: [...labels] }) ? ['git.push', 'control.weaken'] : ['git.push']
}
