import { isAdmin } from '../core/roles.ts'
import { ADMINS } from '../gate/require-admin.ts'
import type { ConfigProblem } from './config-problem.ts'
import type { Config } from './config-schema.ts'

/** A change that nobody could agree to would wait for ever. */
export function checkSecondPerson({ loosening, humans, login }: Config): readonly ConfigProblem[] {
  if (loosening !== 'second-person') return []
  if (humans.slice(1).some(isAdmin)) return []
  if (Object.values(login.oidc).some(mayMakeAdmins)) return []
  const message = `needs a second human with ${ADMINS} in \`humans\`: the first owns the credential on disk, and counts as the one who changed the files`
  return [{ path: ['loosening'], message }]
}

/** Whether somebody of a provider could be who agrees. */
function mayMakeAdmins({ roles, defaultRoles }: Config['login']['oidc'][string]): boolean {
  return isAdmin({ roles: [...Object.values(roles).flat(), ...defaultRoles] })
}
