import type { Action } from '../../core/actions.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Operation } from '../../core/operation.ts'
import { findBranch } from '../git-refs.ts'
import { repositoryAt } from '../repository/repository-at.ts'
import { names } from './describe-tool.ts'
import type { CatalogueEntry, DerivedEffect, ToolEntry } from './entry.ts'

interface GitArguments {
  /** Argument with the branch that the actions are done to; else they are done to the repository. */
  readonly branch?: string
  /** Arguments that git takes as revisions, so that one that begins with `-` would be an option. */
  readonly revisions?: string
  readonly plain?: string
}

/** `mcp-server-git` 2026.8.31: the same operations as the command in the folder `repo_path`. */
export const GIT: CatalogueEntry = new Map<string, ToolEntry>([
  ['git_status', git(['git.read'])],
  ['git_diff_unstaged', git(['git.read'], { plain: 'context_lines' })],
  ['git_diff_staged', git(['git.read'], { plain: 'context_lines' })],
  ['git_diff', git(['git.read'], { revisions: 'target', plain: 'context_lines' })],
  ['git_log', git(['git.read'], { revisions: 'start_timestamp end_timestamp', plain: 'max_count' })],
  ['git_show', git(['git.read'], { revisions: 'revision' })],
  ['git_branch', git(['git.read'], { revisions: 'contains not_contains', plain: 'branch_type' })],
  ['git_commit', git(['git.commit'], { plain: 'message' })],
  ['git_add', git(['git.commit'], { revisions: 'files' })],
  ['git_reset', git(['git.commit'])],
  ['git_create_branch', git(['git.branch'], { branch: 'branch_name', revisions: 'base_branch' })],
  ['git_checkout', git(['git.branch'], { branch: 'branch_name' })],
  ['git_init', git(['repo.create'])],
])

function git(actions: readonly Action[], known: GitArguments = {}): ToolEntry {
  const revisions = names(known.revisions ?? '')
  const derived: DerivedEffect = {
    actions,
    from: (input, context) => {
      const place = repositoryAt(textOf(input, 'repo_path'), { ...context, pointer: '/repo_path' })
      const branch =
        known.branch === undefined ? undefined : findBranch(textOf(input, known.branch), place.resource)
      const options = revisions.some((name) => isOption(input[name]))
      return actions.map((action): Operation => ({
        action,
        resource: branch?.resource ?? place.resource,
        labels: [...place.labels, ...(branch?.labels ?? [])],
        opaque: place.opaque || branch?.opaque === true || options,
        origin: { pointer: '/repo_path' },
      }))
    },
  }
  return {
    effects: [],
    plain: ['repo_path', ...revisions, known.branch ?? [], ...names(known.plain ?? '')].flat(),
    derived,
  }
}

function textOf(input: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(input, name) ? input[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** CVE-2025-68144: git reads what begins with a dash as an option. */
function isOption(value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (Array.isArray(value)) return value.some(isOption)
  return typeof value !== 'string' || value.startsWith('-')
}
