import { RemitError } from '../core/errors.ts'
import { isAdmin } from '../core/roles.ts'
import type { Actor } from './administration.ts'

/** Who administers, and may agree to what loosens. Fixed, since the policies that could say it are what changes. */
export const ADMINS = 'the role `admin` or `maintainer`'

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
 * Lets pass only such a human who is an admin now.
 * @throws RemitError `role_missing`.
 */
export function requireAdmin(actor: Actor, what: string): void {
  requireHuman(actor, what)
  if (isAdmin(actor.human)) return
  throw new RemitError(
    'role_missing',
    `${what} is for humans with ${ADMINS}, which \`${actor.human.id}\` does not have`,
  )
}
