import { configPlace } from './config-place.ts'
import type { Command } from './command.ts'
import { PACK_FOLDER } from './policy-folder.ts'
import { readRequest, REQUEST_FLAGS, REQUEST_NOTES } from './policy-request.ts'

export const policyEval: Command = {
  path: 'policy eval',
  summary: 'decide one made-up request with the policies of a folder',
  positionals: [PACK_FOLDER],
  flags: REQUEST_FLAGS,
  notes: REQUEST_NOTES,
  run: async (invocation) => {
    const { io, json, positionals } = invocation
    const request = await readRequest(invocation, 'policy eval')
    const { loadPack, packFolder } = await import('../server/load-pack.ts')
    const { set } = await loadPack(packFolder(io.cwd, positionals[0] ?? ''), configPlace(invocation))
    const decision = set.decide(request)
    const { explain } = await import('../policy/explain.ts')
    io.out(json ? `${JSON.stringify(decision)}\n` : `${explain(decision, request.operations)}\n`)
    return 0
  },
}
