import { RemitError } from '../core/errors.ts'
import type { DecisionRequest } from '../policy/policy-set.ts'
import { configPlace } from './config-place.ts'
import { type Command, type Invocation, textFlag } from './command.ts'
import { PACK_FOLDER } from './policy-folder.ts'
import { readRequest, REQUEST_FLAGS, REQUEST_NOTES } from './policy-request.ts'

export const policyExplain: Command = {
  path: 'policy explain',
  summary: 'say why a request is decided as it is, and what would change that',
  positionals: [PACK_FOLDER],
  flags: [
    { name: 'case', takes: 'name', summary: 'explain this case of the folder’s cases.yaml' },
    ...REQUEST_FLAGS,
  ],
  notes: REQUEST_NOTES,
  run: async (invocation) => {
    const { io, json, positionals } = invocation
    const { loadPack, packFolder } = await import('../server/load-pack.ts')
    const folder = packFolder(io.cwd, positionals[0] ?? '')
    const request = await requestFor(invocation, folder)
    const explanation = (await loadPack(folder, configPlace(invocation))).set.explain(request)
    const { explanationText } = await import('../policy/explanation-text.ts')
    io.out(json ? `${JSON.stringify(explanation)}\n` : explanationText(explanation))
    return 0
  },
}

async function requestFor(invocation: Invocation, folder: string): Promise<DecisionRequest> {
  const name = textFlag(invocation, 'case')
  if (name === undefined) return readRequest(invocation, 'policy explain')
  const { loadCases } = await import('../server/load-pack.ts')
  const { requestOf } = await import('../policy/case-request.ts')
  const found = (await loadCases(folder))?.find((each) => each.name === name)
  if (found !== undefined && !('approve' in found)) return requestOf(found)
  const what = found === undefined ? 'no case has' : 'an `approve` case has'
  throw new RemitError('policy_invalid', `${what} the name \`${name}\`; only cases of calls can be explained`)
}
