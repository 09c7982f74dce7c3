import type { Action } from '../../core/actions.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import type { ExtractionContext } from '../extract.ts'
import { findRepository } from '../forge-arguments.ts'
import { forgeOperations, type ForgeObject } from '../forge/forge-act.ts'
import { USUAL_FORGES } from '../repository/forge-hosts.ts'
import { weakensRemotely } from './forge-weakening.ts'
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
  /** Argument with the branch or tag that a pipeline runs for. */
  readonly ref?: string
  /** Argument whose value says which of the actions it is; any other value could be each of them. */
  readonly choice?: { readonly argument: string; readonly of: Readonly<Record<string, readonly Action[]>> }
  /** Which of the actions it is where one argument does not say it. */
  readonly which?: (input: JsonObject) => readonly Action[]
  /** Every other argument of the tool. */
  readonly plain?: string
}

/** How tools of one forge are described. */
export type DescribeForgeTool = (actions: readonly Action[], known?: ForgeArguments) => ToolEntry

/**
 * A tool of a forge: `actions` on the repository that its arguments name, or on the branch or pull request in it. A change
 * carries the labels of the paths that it changes, as a push of them does.
 * @param host of the forge that its servers speak with.
 */
export function forgeAt(host: string): DescribeForgeTool {
  return (actions, known = {}) => {
    const used = [
      ...(known.branches ?? []),
      known.number ?? [],
      known.path ?? [],
      known.ref ?? [],
      known.choice?.argument ?? [],
    ].flat()
    return {
      effects: [],
      plain: ['owner', 'repo', 'project_id', ...used, ...names(known.plain ?? '')],
      derived: {
        actions,
        from: (input, context) =>
          operationsOf(chosen(actions, known, input), known, { input, context, host }),
      },
    }
  }
}

function chosen(
  actions: readonly Action[],
  { choice, which }: ForgeArguments,
  input: JsonObject,
): readonly Action[] {
  if (which !== undefined) return which(input)
  const value = choice === undefined ? undefined : input[choice.argument]
  const key = typeof value === 'boolean' ? String(value) : value
  if (choice === undefined || typeof key !== 'string' || !Object.hasOwn(choice.of, key)) return actions
  return choice.of[key] ?? actions
}

interface ForgeCall {
  readonly input: JsonObject
  readonly context: Omit<ExtractionContext, 'actions' | 'pointer'>
  readonly host: string
}

function operationsOf(
  acts: readonly Action[],
  known: ForgeArguments,
  { input, context, host }: ForgeCall,
): readonly Operation[] {
  const forges = context.repositories?.forges ?? USUAL_FORGES
  const place = { host, repository: findRepository(input, host, forges) }
  const paths = known.path === undefined ? {} : { paths: pathsOf(input[known.path]) }
  const weakens =
    known.path !== undefined && acts.includes('git.push') && weakensRemotely(input[known.path], input)
  const actions = weakens ? [...acts, 'control.weaken' as const] : acts
  const named = known.ref === undefined ? undefined : input[known.ref]
  const ref = typeof named === 'string' ? named : undefined
  const found = objectsOf(known, input).map((object) =>
    forgeOperations({ actions, object, ref, ...paths }, place),
  )
  return actions.flatMap((_, at) =>
    found.flatMap((operations) => {
      const operation = operations[at]
      return operation === undefined ? [] : [{ ...operation, origin: { pointer: '' } }]
    }),
  )
}

function objectsOf({ branches, number }: ForgeArguments, input: JsonObject): readonly ForgeObject[] {
  if (branches !== undefined) {
    return branches.map((argument) => {
      const name = input[argument]
      return { on: 'branch', name: typeof name === 'string' ? name : undefined }
    })
  }
  if (number === undefined) return [{ on: 'repository' }]
  const value = input[number]
  const known = typeof value === 'number' || typeof value === 'string'
  return [{ on: 'pull-request', number: known ? String(value) : undefined }]
}

/** A path, a list of them, or objects with a `path` or `file_path` each. */
function pathsOf(value: Json | undefined): readonly string[] | 'unknown' {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value ?? null]
  const paths = items.slice(0, 500).flatMap(pathTexts)
  const texts = paths.filter((path) => path !== undefined)
  return items.length > 500 || texts.length < paths.length ? 'unknown' : texts
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
