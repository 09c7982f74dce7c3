import { basename, resolve } from 'node:path'
import type { Command } from './command.ts'

export const policyImport: Command = {
  path: 'policy import',
  summary: 'print plain Cedar as policies for Remit',
  positionals: [{ name: 'file', summary: 'file with Cedar policies', offers: 'files' }],
  flags: [],
  notes:
    'The way back from `remit policy export`: `unless { context.approvals… }` becomes\n`@consent`, policies without a name get one, unknown annotations and Remit’s own\nrules are left out. Write the result to a .cedar file and run `remit policy check`.',
  run: async ({ io, json, positionals }) => {
    const { readPolicyText } = await import('../policy/read-pack.ts')
    const { runPolicyWorker } = await import('../policy/run-policy-worker.ts')
    const { policyInvalid } = await import('../policy/problem.ts')
    const { importPlainCedar } = await import('../policy/plain-cedar.ts')
    const path = resolve(io.cwd, positionals[0] ?? '')
    const source = { file: basename(path), text: await readPolicyText(path) }
    const { policies: plain, problems } = await runPolicyWorker('read', { source })
    if (problems.length > 0) throw policyInvalid(problems)
    const policies = importPlainCedar(plain)
    if (json) io.out(`${JSON.stringify({ policies })}\n`)
    else io.out(await runPolicyWorker('print', { policies }))
    return 0
  },
}
