import type { DelegatorMay } from '../../src/core/decision.ts'
import type { PolicySet } from '../../src/policy/policy-set.ts'

const DELEGATOR: Readonly<Record<DelegatorMay | 'never', string>> = {
  never: 'never',
  alone: 'alone on a laptop',
  yes: 'yes',
}

/** Every gate of a pack, and who closes it for how long, as a Markdown table: what its README must hold. */
export function gateTable(set: PolicySet): string {
  const rows = set.policies.flatMap(({ id, source }) => {
    const gate = set.gatesOf(id)
    if (gate === undefined || source === 'builtin') return []
    const { scope, quorum, by = 'approver', severity, delegator = 'never', grant } = gate
    const who = quorum === 1 ? by : `${quorum} × ${by}`
    const lasts = grant === 'task' ? 'once, or the task' : 'once'
    return [`| \`${scope}\` | \`${id}\` | ${severity} | ${who} | ${DELEGATOR[delegator]} | ${lasts} |`]
  })
  return [
    '| gate | rule | severity | who | the delegator | for |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
