import { configPlace } from './config-place.ts'
import type { Command } from './command.ts'
import { PACK_FOLDER } from './policy-folder.ts'

export const policyExport: Command = {
  path: 'policy export',
  summary: 'print the policies of a folder as plain Cedar for other engines',
  positionals: [PACK_FOLDER],
  flags: [],
  notes:
    'Gates become `unless { context.approvals.contains("scope") }`, links of\ntemplates become policies, and Remit’s own rules are included. Comments are not.',
  run: async (invocation) => {
    const { io, json, positionals } = invocation
    const { loadPack, packFolder } = await import('../server/load-pack.ts')
    const { runPolicyWorker } = await import('../policy/run-policy-worker.ts')
    const { toPlainCedar } = await import('../policy/plain-cedar.ts')
    const { parsed } = await loadPack(packFolder(io.cwd, positionals[0] ?? ''), configPlace(invocation))
    const policies = parsed.policies.map(({ est }) => toPlainCedar(est))
    if (json) io.out(`${JSON.stringify({ policies })}\n`)
    else io.out(await runPolicyWorker('print', { policies }))
    return 0
  },
}
