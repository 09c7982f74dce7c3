import { asRemitError } from '../core/errors.ts'
import { watchPolicies } from '../policy/watch-policies.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { policyLocations } from './policy-locations.ts'

/** Who a change of files on disk is put down to: the gateway cannot know who wrote them. */
const ACTOR = 'policy-files'

/** Takes over changed policies while the gateway runs; what was taken over or refused is on record and in the log. */
export function followPolicies(foundation: Foundation, cleanup: Cleanup): void {
  const { policies, loaded, state, log, record } = foundation
  const unsubscribe = policies.onChange(({ status, set, ...result }) => {
    const refused = 'error' in result ? result.error : undefined
    const data = { hash: set.hash, policies: set.policies.length }
    log.log(refused === undefined ? 'info' : 'error', `policy.${status}`, {
      ...data,
      message: refused?.message,
    })
    const kind = refused === undefined ? 'policy.loaded' : 'policy.refused'
    const more = { actor: ACTOR, ...(refused === undefined ? {} : { comment: refused.message }) }
    record(kind, data, more).catch((thrown: unknown) => {
      log.log('error', 'policy.not_recorded', { message: asRemitError(thrown).message })
    })
  })
  const watching = watchPolicies(policies, policyLocations(loaded, state.policyCache), (error) => {
    log.log('warn', 'policy.not_watched', { message: asRemitError(error).detail })
  })
  cleanup.add('policy watch', () => {
    watching.close()
    unsubscribe()
  })
}
