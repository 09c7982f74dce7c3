import type { ExplainAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import { openAdminClient } from './admin-client.ts'
import { type Command, type Invocation } from './command.ts'
import { configPlace } from './config-place.ts'
import { pastDecisionText } from './format-past-decision.ts'

export const explain: Command = {
  path: 'explain',
  summary: 'say why a call was allowed, held or denied, and what would change that',
  positionals: [
    {
      name: 'decision',
      summary: 'id or number of a decision, id of an approval, or `last` for the last stop',
    },
  ],
  flags: [{ name: 'offline', summary: 'read the ledger’s files; no gateway need run' }],
  notes:
    'Explains by the policies that decided, where a copy of them is left in the state\nfolder, else by those in force now, and says which. `last` is the newest decision\nthat did not let its call pass.',
  run: async (invocation) => {
    const [id = ''] = invocation.positionals
    const { io, json } = invocation
    const answer =
      invocation.flags['offline'] === true ? await offline(invocation, id) : await ask(invocation, id)
    io.out(json ? `${JSON.stringify(answer)}\n` : pastDecisionText(io, answer))
    return 0
  },
}

async function offline(invocation: Invocation, id: string): Promise<ExplainAnswer> {
  const { explainOffline } = await import('../server/explain-offline.ts')
  return explainOffline(configPlace(invocation), id)
}

async function ask(invocation: Invocation, id: string): Promise<ExplainAnswer> {
  try {
    const client = await openAdminClient(invocation, 'read')
    return await client.get<ExplainAnswer>(`/explain/${encodeURIComponent(id)}`)
  } catch (thrown) {
    if (!(thrown instanceof RemitError) || thrown.code !== 'gateway_unreachable') throw thrown
    const message = `${thrown.message}; \`remit explain ${id} --offline\` reads the ledger’s files instead`
    throw new RemitError('gateway_unreachable', message, { cause: thrown })
  }
}
