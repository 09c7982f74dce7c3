import { RemitError } from '../core/errors.ts'
import type { HumanId } from '../core/ids.ts'
import type { Actor } from './administration.ts'
import { ACCEPTING_ROLE, requireHuman } from './require-maintainer.ts'

/**
 * Lets only a second person pass: a maintainer with an approver code who is not the one that changed the files.
 * @param author who counts as that: the owner of the credential on disk, since the files lie beside it.
 * @throws RemitError `role_missing`, `approver_refused`.
 */
export function requireSecondPerson(actor: Actor, author: HumanId): void {
  requireHuman(actor, 'agreeing to a change of policies')
  const { human } = actor
  if (human.id === author) {
    throw new RemitError(
      'approver_refused',
      `\`${human.id}\` owns the credential on disk and counts as the one who changed the files; another \`${ACCEPTING_ROLE}\` has to agree`,
    )
  }
  if (!human.roles.includes(ACCEPTING_ROLE)) {
    throw new RemitError(
      'approver_refused',
      `\`${human.id}\` may not agree to a change of policies; a human with the role \`${ACCEPTING_ROLE}\` may`,
    )
  }
}
