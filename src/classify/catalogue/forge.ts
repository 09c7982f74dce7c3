import type { Action } from '../../core/actions.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { Label } from '../../core/labels.ts'
import type { Operation } from '../../core/operation.ts'
import type { Resource } from '../../core/resource.ts'
import { findRepository } from '../forge-arguments.ts'
import { findBranch } from '../git-refs.ts'
import { labelPath } from '../labels/label-path.ts'
import { names } from './describe-tool.ts'
import type { ToolEntry } from './entry.ts'

/** Which arguments of a forge’s tool hold what. */
export interface ForgeArguments {
  /** Arguments with branch names; a push to none of them goes to the default branch, whatever that is. */
  readonly branches?: readonly string[]
  /** Argument with the number of a pull request. */
  readonly number?: string
  /** Argument with a path in the repository, or with objects that hold one. */
  readonly path?: string
  /** Argument whose value says which of the actions it is; any other value could be each of them. */
  readonly choice?: { readonly argument: string; readonly of: Readonly<Record<string, readonly Action[]>> }
  /** Every other argument of the tool. */
  readonly plain?: string
}

/**
 * A tool of a forge: `actions` on the repository that its arguments name, or on the branch or pull request in it. A change
 * carries the labels of the paths that it changes, as a push of them does.
 */
export function forge(actions: readonly Action[], known: ForgeArguments = {}): ToolEntry {
  const used = [
    ...(known.branches ?? []),
    known.number ?? [],
    known.path ?? [],
    known.choice?.argument ?? [],
  ].flat()
  return {
    effects: [],
    plain: ['owner', 'repo', 'project_id', ...used, ...names(known.plain ?? '')],
    derived: { actions, from: (input) => forgeOperations(chosen(actions, known, input), known, input) },
  }
}

function chosen(
  actions: readonly Action[],
  { choice }: ForgeArguments,
  input: JsonObject,
): readonly Action[] {
  const value = choice === undefined ? undefined : input[choice.argument]
  const key = typeof value === 'boolean' ? String(value) : value
  if (choice === undefined || typeof key !== 'string' || !Object.hasOwn(choice.of, key)) return actions
  return choice.of[key] ?? actions
}

function forgeOperations(
  actions: readonly Action[],
  known: ForgeArguments,
  input: JsonObject,
): readonly Operation[] {
  const repository = findRepository(input)
  const place: Resource = repository ?? { type: 'Repository', id: '?', ancestors: [] }
  const paths = known.path === undefined ? { labels: [], opaque: false } : pathsOf(input[known.path])
  const targets = targetsOf(known, input, place)
  return actions.flatMap((action) =>
    targets.map(({ resource, labels, opaque }) => ({
      action,
      resource,
      labels: [...new Set([...labels, ...paths.labels])],
      opaque: opaque || repository === undefined || paths.opaque,
      origin: { pointer: '' },
    })),
  )
}

interface Target {
  readonly resource: Resource
  readonly labels: readonly Label[]
  readonly opaque: boolean
}

function targetsOf(known: ForgeArguments, input: JsonObject, place: Resource): readonly Target[] {
  if (known.branches !== undefined) {
    return known.branches.map((argument) => {
      const name = input[argument]
      return findBranch(typeof name === 'string' ? name : undefined, place)
    })
  }
  const number = known.number === undefined ? undefined : input[known.number]
  if (known.number === undefined) return [{ resource: place, labels: [], opaque: false }]
  const written = typeof number === 'number' || typeof number === 'string' ? String(number) : ''
  const valid = /^\d{1,12}$/.test(written)
  const id = `${place.id}#${valid ? written : '?'}`
  const ancestors = [{ type: place.type, id: place.id }]
  return [{ resource: { type: 'PullRequest', id, ancestors }, labels: [], opaque: !valid }]
}

/** Labels of a path, of a list of them, or of objects with a `path` or `file_path` each. */
function pathsOf(value: Json | undefined): { readonly labels: readonly Label[]; readonly opaque: boolean } {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value ?? null]
  const labels = new Set<Label>()
  let opaque = items.length > 500
  for (const item of items.slice(0, 500)) {
    for (const path of pathTexts(item)) {
      if (path === undefined || !isRepositoryPath(path)) opaque = true
      else {
        const found = labelPath(path.replace(/^\//, ''), false)
        for (const label of found.labels) labels.add(label)
        opaque ||= found.disguised
      }
    }
  }
  return { labels: [...labels], opaque }
}

function pathTexts(item: Json): readonly (string | undefined)[] {
  if (typeof item === 'string') return [item]
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return [undefined]
  const object = item as JsonObject
  const found = ['path', 'file_path', 'previous_path', 'filePath']
    .map((name) => object[name])
    .filter((one) => one !== undefined)
  return found.length === 0 ? [undefined] : found.map((one) => (typeof one === 'string' ? one : undefined))
}

function isRepositoryPath(path: string): boolean {
  if (path === '' || path.length > 4_096 || !path.isWellFormed() || /[\p{Cc}\p{Cf}\\%]/u.test(path))
    return false
  return !path.split('/').some((part) => part === '..' || part === '.')
}
