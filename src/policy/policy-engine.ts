import { asRemitError, type RemitError } from '../core/errors.ts'
import { loadPolicySet, type PolicyLocations } from './load-policy-set.ts'
import type { LoadedPolicySet } from './policy-set.ts'

export type ReloadResult =
  | { readonly status: 'unchanged' | 'changed'; readonly set: LoadedPolicySet }
  /** The old set stays in force. */
  | { readonly status: 'refused'; readonly set: LoadedPolicySet; readonly error: RemitError }

export interface PolicyEngine {
  /** The set in force. A call takes it once and keeps it to its end. */
  current(): LoadedPolicySet
  /** Never throws: a bundle that is not sound leaves the set in force as it is. */
  reload(): Promise<ReloadResult>
  /** Calls back after every reload that changed something or was refused; returns the unsubscriber. */
  onChange(listener: (result: ReloadResult) => void): () => void
}

/** @throws RemitError `policy_invalid`, `policy_engine_failed`: without a sound set nothing starts. */
export async function startPolicyEngine(locations: PolicyLocations): Promise<PolicyEngine> {
  const listeners = new Set<(result: ReloadResult) => void>()
  let set = await loadPolicySet(locations)
  let running: Promise<unknown> = Promise.resolve()

  const load = async (): Promise<ReloadResult> => {
    try {
      const next = await loadPolicySet(locations)
      if (next.hash === set.hash) return { status: 'unchanged', set }
      set = next
      return { status: 'changed', set }
    } catch (thrown) {
      return { status: 'refused', set, error: asRemitError(thrown) }
    }
  }
  return {
    current: () => set,
    reload: () => {
      // One after the other, so that an older reading of the files never replaces a newer one.
      const next = running.then(async () => {
        const result = await load()
        if (result.status !== 'unchanged') for (const listener of listeners) listener(result)
        return result
      })
      running = next.catch(() => {})
      return next
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
