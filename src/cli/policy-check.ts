import { resolve } from 'node:path'
import type { Command } from './command.ts'
import { table } from './paint.ts'

export const policyCheck: Command = {
  path: 'policy check',
  summary: 'say whether the policies of a folder are sound',
  positionals: [{ name: 'folder', summary: 'folder with .cedar files', offers: 'folders' }],
  flags: [],
  notes:
    'Reads the folder together with what is built in; needs no running gateway.\nProblems are listed with file, line and column.',
  run: async ({ io, json, positionals }) => {
    const { checkPolicies } = await import('../server/check-policies.ts')
    const set = await checkPolicies(resolve(io.cwd, positionals[0] ?? ''))
    if (json) {
      io.out(`${JSON.stringify({ hash: set.hash, policies: set.policies })}\n`)
      return 0
    }
    const rows = set.policies.map((policy) => [
      policy.id,
      policy.consent === undefined ? policy.effect : `consent ${policy.consent}`,
      policy.file ?? policy.source,
    ])
    io.out(table([['POLICY', 'EFFECT', 'FILE'], ...rows]))
    io.out(`${set.policies.length} policies are sound, hash ${set.hash}\n`)
    return 0
  },
}
