import type { Action } from '../../../core/actions.ts'
import type { CommandSite } from '../command-site.ts'

/** What makes the branch that is checked out another one than the files say now. */
const MOVES: readonly Action[] = ['git.branch', 'git.rewrite', 'git.delete', 'git.configure']

/**
 * Whether something earlier in the same line changes what is read of the repository here: a command sees what those
 * before it have left, and nobody here does.
 */
function happened({ findings }: CommandSite, actions: readonly Action[]): boolean {
  return findings.operations.some(
    ({ action, opaque }) => actions.includes(action) || (opaque && action === 'shell.execute'),
  )
}

/** The remotes are perhaps other ones by then. */
export function isReconfigured(site: CommandSite): boolean {
  return happened(site, ['git.configure'])
}

/** The branch is perhaps another one by then. */
export function isMoved(site: CommandSite): boolean {
  return happened(site, MOVES)
}

/** There are commits by then that are not there now. */
export function hasCommitted(site: CommandSite): boolean {
  return happened(site, [...MOVES, 'git.commit'])
}
