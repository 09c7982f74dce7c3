import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import { isAdmin } from '../core/roles.ts'
import type { Actor } from './administration.ts'
import { ADMINS, requireHuman } from './require-admin.ts'

/**
 * Lets only a second person pass: an admin with an approver code who is not the one that changed the files.
 * @param author who counts as that: the owner of the credential on disk, since the files lie beside it.
 * @throws RemitError `role_missing`, `approver_refused`.
 */
export function requireSecondPerson(actor: Actor, author: HumanId): void {
  requireHuman(actor, 'agreeing to a change of policies')
  const { human } = actor
  if (human.id === author) {
    throw new RemitError(
      'approver_refused',
      `\`${human.id}\` owns the credential on disk and counts as the one who changed the files; another human with ${ADMINS} has to agree`,
    )
  }
  if (!isAdmin(human)) {
    throw new RemitError(
      'approver_refused',
      `\`${human.id}\` may not agree to a change of policies; a human with ${ADMINS} may`,
    )
  }
}
