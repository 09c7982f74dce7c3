import { gateGroup } from '../core/escalation.ts'
import { RemitError } from '../core/errors.ts'
import type { PolicyBundle } from '../policy/load-policy-set.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import { configPlace } from './config-place.ts'
import { type Command, textFlag } from './command.ts'
import { table } from './paint.ts'
import { PACK_FOLDER } from './policy-folder.ts'

export const policyShow: Command = {
  path: 'policy show',
  summary: 'list the rules that a folder puts in force, with what is built in',
  positionals: [PACK_FOLDER],
  flags: [{ name: 'policy', takes: 'id', summary: 'print the Cedar text of one rule, its slots filled' }],
  run: async (invocation) => {
    const { io, json, positionals } = invocation
    const { loadPack, packFolder } = await import('../server/load-pack.ts')
    const bundle = await loadPack(packFolder(io.cwd, positionals[0] ?? ''), configPlace(invocation))
    const id = textFlag(invocation, 'policy')
    if (id !== undefined) io.out(await policyText(bundle, id))
    else if (json) io.out(`${JSON.stringify(shown(bundle.set))}\n`)
    else io.out(`${table(rows(bundle.set))}${bundle.set.policies.length} rules, hash ${bundle.set.hash}\n`)
    return 0
  },
}

async function policyText({ parsed }: PolicyBundle, id: string): Promise<string> {
  const policy = parsed.policies.find((each) => each.id === id)
  if (policy === undefined) {
    throw new RemitError('policy_invalid', `no policy has the id \`${id}\`; \`remit policy show\` lists them`)
  }
  const { runPolicyWorker } = await import('../policy/run-policy-worker.ts')
  return runPolicyWorker('print', { policies: [policy.est] })
}

function shown(set: PolicySet): Readonly<Record<string, unknown>> {
  const policies = set.policies.map((policy) => ({ ...policy, gate: set.gatesOf(policy.id) }))
  return { hash: set.hash, policies }
}

function rows(set: PolicySet): readonly (readonly string[])[] {
  const policies = set.policies.map(({ id, effect, severity, source, file }) => {
    const gate = set.gatesOf(id)
    const asks = gate === undefined ? '' : `${gate.scope} ▸ ${gate.quorum} × ${gateGroup(gate, 'approver')}`
    const delegator = gate === undefined ? '' : (gate.delegator ?? 'never')
    const lasts = gate === undefined ? '' : (gate.grant ?? 'once')
    const what = gate === undefined ? effect : 'consent'
    return [id, what, asks, delegator, lasts, severity ?? '', file ?? source]
  })
  return [['POLICY', 'EFFECT', 'GATE', 'DELEGATOR', 'FOR', 'SEVERITY', 'SOURCE'], ...policies]
}
