import { isAdmin } from '../core/roles.ts'
import { ADMINS } from '../gate/require-admin.ts'
import type { ConfigProblem } from './config-problem.ts'
import type { Config } from './config-schema.ts'

/** A change that nobody could agree to would wait for ever. */
export function checkSecondPerson({ loosening, humans }: Config): readonly ConfigProblem[] {
  if (loosening !== 'second-person') return []
  if (humans.slice(1).some(isAdmin)) return []
  const message = `needs a second human with ${ADMINS} in \`humans\`: the first owns the credential on disk, and counts as the one who changed the files`
  return [{ path: ['loosening'], message }]
}
