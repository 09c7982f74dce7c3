import { RemitError } from '../core/errors.ts'
import type { PendingChanges, PolicyControl, PolicyReload } from '../gate/policy-control.ts'
import { requireSecondPerson } from '../gate/second-person.ts'
import { changedPolicies } from '../policy/changed-policies.ts'
import { compareBundles } from '../policy/compare-bundles.ts'
import type { PolicyBundle } from '../policy/load-policy-set.ts'
import type { HeldPolicies, ReloadResult } from '../policy/policy-engine.ts'
import { runPolicyWorker } from '../policy/run-policy-worker.ts'
import { readObserveAgain } from './follow-observe.ts'
import { entriesOf } from './observe-setting.ts'
import type { Foundation } from './open-foundation.ts'
import type { ServerListControl } from './server-list-control.ts'

/** Reloading and agreeing to what waits, over the running gateway's policies. */
export function createPolicyControl(foundation: Foundation, serverList: ServerListControl): PolicyControl {
  const { policies, observe, directory, record } = foundation
  return {
    async reload({ human }) {
      const result = await policies.reload(human.id)
      if (result.status === 'refused') throw result.error
      await readObserveAgain(foundation, human.id)
      return answerOf(foundation, result)
    },
    async pending() {
      const waiting = policies.waiting()
      const observed = observe.waiting
      const servers = serverList.waiting
      return {
        ...(servers === undefined ? {} : { servers }),
        ...(waiting === undefined ? {} : { policies: await pendingPolicies(waiting) }),
        ...(observed === undefined ? {} : { observe: observed }),
      }
    },
    async accept(actor, hash) {
      const { owner } = directory
      if (owner === undefined) throw new RemitError('internal', 'there are no humans')
      requireSecondPerson(actor, owner)
      const by = actor.human.id
      if (observe.waiting?.hash === hash) {
        // On record before it counts.
        await record('policy.accepted', { hash }, { actor: by })
        observe.accept(hash)
        await record('observe.changed', { observing: entriesOf(observe.rules) }, { actor: by })
        return answerOf(foundation, { status: 'unchanged', set: policies.current() })
      }
      if (serverList.waiting?.hash === hash) {
        await serverList.accept(hash, by)
        return {
          ...answerOf(foundation, { status: 'unchanged', set: policies.current() }),
          status: 'changed',
        }
      }
      if (policies.waiting()?.held.set.hash === hash) await record('policy.accepted', { hash }, { actor: by })
      return answerOf(foundation, await policies.accept(hash, by))
    },
  }
}

function answerOf({ policies, observe }: Foundation, result: ReloadResult): PolicyReload {
  const { set } = result
  const waiting = [policies.waiting()?.held.set.hash, observe.waiting?.hash]
  return {
    status: result.status === 'refused' ? 'unchanged' : result.status,
    hash: set.hash,
    policies: set.policies.length,
    ...(result.status === 'changed' ? { changes: result.changes, loosens: result.loosens } : {}),
    ...(result.status === 'held' ? { loosens: result.waiting.loosens } : {}),
    waiting: waiting.flatMap((hash) => hash ?? []),
  }
}

async function pendingPolicies(waiting: HeldPolicies): Promise<NonNullable<PendingChanges['policies']>> {
  const { inForce, held, loosens } = waiting
  const { added, removed, changed } = changedPolicies(inForce, held)
  const [before, after] = await Promise.all([
    textOf(inForce, [...removed, ...changed]),
    textOf(held, [...added, ...changed]),
  ])
  return {
    hash: held.set.hash,
    inForce: inForce.set.hash,
    loosens,
    comparison: await compareBundles(inForce, held, []),
    text: { before, after },
  }
}

async function textOf({ parsed }: PolicyBundle, ids: readonly string[]): Promise<string> {
  const policies = parsed.policies.filter(({ id }) => ids.includes(id)).map(({ est }) => est)
  return policies.length === 0 ? '' : runPolicyWorker('print', { policies })
}
