import { rolesOf } from '../core/roles.ts'
import type { Config } from './config-schema.ts'
import type { ConfigProblem } from './config-problem.ts'

/** Whoever signs off reviews can read them. Those whom a provider vouches for are known only once they log in. */
export function checkReviewOwner({ humans, review: { owner } }: Config): readonly ConfigProblem[] {
  const person = humans.find(({ id }) => id === owner)
  if (person === undefined) return []
  const roles = rolesOf(person)
  if (roles.includes('admin') || roles.includes('auditor')) return []
  return [
    {
      path: ['review', 'owner'],
      message: `names \`${person.id}\`, who is neither \`admin\` nor \`auditor\` and could not read a review`,
    },
  ]
}
