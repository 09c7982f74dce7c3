import { RemitError } from '../core/errors.ts'
import type { Actor } from './administration.ts'

/** Who administers, and may agree to what loosens. Fixed, since the policies that could say it are what changes. */
export const ACCEPTING_ROLE = 'maintainer'

/**
 * Lets pass who proved to be a human, and not for one task only: what is on the disk, where an agent may read it, is
 * never enough.
 * @param what that is done, as the subject of a sentence.
 * @throws RemitError `role_missing`.
 */
export function requireHuman({ credential, onlyTask }: Actor, what: string): void {
  if (credential === 'approver' && onlyTask === undefined) return
  throw new RemitError('role_missing', `${what} needs an approver code that is not for one task only`)
}

/**
 * Lets pass only such a human who has the role now.
 * @throws RemitError `role_missing`.
 */
export function requireMaintainer(actor: Actor, what: string): void {
  requireHuman(actor, what)
  const { id, roles } = actor.human
  if (roles.includes(ACCEPTING_ROLE)) return
  throw new RemitError(
    'role_missing',
    `${what} is for humans with the role \`${ACCEPTING_ROLE}\`, which \`${id}\` does not have`,
  )
}
