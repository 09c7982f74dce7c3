import { asRemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { ReloadResult } from '../policy/policy-engine.ts'
import { watchPolicies } from '../policy/watch-policies.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './open-foundation.ts'
import { policyLocations } from './policy-locations.ts'
import { heldData } from './resume-policies.ts'

/** Who a change of files on disk is put down to: the gateway cannot know who wrote them. */
const ACTOR = 'policy-files'

/** Takes over changed policies while the gateway runs; what was taken over or refused is on record and in the log. */
export function followPolicies(foundation: Foundation, cleanup: Cleanup): void {
  const { policies, loaded, state, log, record } = foundation
  const unsubscribe = policies.onChange((result) => {
    const { kind, data, comment } = eventOf(result)
    log.log(result.status === 'refused' ? 'error' : 'info', `policy.${result.status}`, {
      ...data,
      message: comment,
    })
    const more = { actor: result.by ?? ACTOR, ...(comment === undefined ? {} : { comment }) }
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

function eventOf(result: ReloadResult): {
  readonly kind: 'policy.loaded' | 'policy.held' | 'policy.refused'
  readonly data: JsonObject
  readonly comment?: string
} {
  const { status, set } = result
  const data = { hash: set.hash, policies: set.policies.length }
  if (status === 'held') return { kind: 'policy.held', data: heldData(result.waiting) }
  if (status === 'refused') return { kind: 'policy.refused', data, comment: result.error.message }
  return { kind: 'policy.loaded', data }
}
