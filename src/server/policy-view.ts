import { gateGroup } from '../core/escalation.ts'
import { RemitError } from '../core/errors.ts'
import type { PolicyLine, PolicyView } from '../gate/policy-control.ts'
import type { PolicyEngine } from '../policy/policy-engine.ts'
import type { LoadedPolicySet, PolicyInfo } from '../policy/policy-set.ts'
import { runPolicyWorker } from '../policy/run-policy-worker.ts'

/** The policies in force, read and never changed. */
export function createPolicyView(policies: PolicyEngine): PolicyView {
  return {
    list() {
      const set = policies.current()
      return { hash: set.hash, policies: set.policies.map((info) => lineOf(set, info)) }
    },
    async text(id) {
      const found = policies.bundle().parsed.policies.find((each) => each.id === id)
      if (found === undefined) throw new RemitError('not_found', `no policy in force has the id \`${id}\``)
      return runPolicyWorker('print', { policies: [found.est] })
    },
  }
}

function lineOf(
  set: LoadedPolicySet,
  { id, effect, reason, severity, source, file }: PolicyInfo,
): PolicyLine {
  const gate = set.gatesOf(id)
  return {
    id,
    effect,
    source: file ?? (source === 'builtin' ? 'part of Remit' : source),
    ...(reason === undefined ? {} : { reason }),
    ...(severity === undefined ? {} : { severity }),
    ...(gate === undefined
      ? {}
      : {
          gate: {
            scope: gate.scope,
            quorum: gate.quorum,
            severity: gate.severity,
            reason: gate.reason,
            ...(gate.by === undefined ? {} : { by: gateGroup(gate, gate.by) }),
          },
        }),
  }
}
