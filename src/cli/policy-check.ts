import type { Command } from './command.ts'
import { configOf, PACK_FOLDER } from './policy-folder.ts'

export const policyCheck: Command = {
  path: 'policy check',
  summary: 'say whether the policies of a folder are sound',
  positionals: [PACK_FOLDER],
  flags: [],
  notes:
    'Reads the folder together with what is built in; needs no running gateway.\nProblems are listed with file, line and column.',
  run: async (invocation) => {
    const { io, json, positionals } = invocation
    const { loadPack, packFolder } = await import('../server/load-pack.ts')
    const { set } = await loadPack(packFolder(io.cwd, positionals[0] ?? ''), configOf(invocation))
    io.out(
      json
        ? `${JSON.stringify({ hash: set.hash, policies: set.policies })}\n`
        : `${set.policies.length} policies are sound, hash ${set.hash}\n`,
    )
    return 0
  },
}
