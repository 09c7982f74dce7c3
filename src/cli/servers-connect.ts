import type { ConnectStartAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import { openAdminClient } from './admin-client.ts'
import { askLine } from './ask-line.ts'
import { type Command, textFlag } from './command.ts'
import { plainLine } from './plain-text.ts'

export const serversConnect: Command = {
  path: 'servers connect',
  summary: 'let the gateway reach a server as you, where its configuration says `oauth`',
  positionals: [{ name: 'server', summary: 'key of the server' }],
  flags: [
    { name: 'scope', takes: 'scopes', summary: 'scopes to ask for beside the usual ones, apart by spaces' },
    { name: 'flow', takes: 'id', summary: 'finish what an earlier run began; with --number' },
    { name: 'number', takes: 'number', summary: 'what the browser was shown' },
  ],
  notes:
    'Prints a URL: agree there, and type the number that the browser is shown then. What is\nconnected is the human whose approver code it is (REMIT_APPROVER, or a hidden prompt).',
  run: async (invocation) => {
    const [server = ''] = invocation.positionals
    const client = await openAdminClient(invocation, 'decide')
    const path = `/servers/${encodeURIComponent(server)}/connect`
    const { io, json } = invocation
    const given = { flow: textFlag(invocation, 'flow'), number: textFlag(invocation, 'number') }
    if (given.flow !== undefined && given.number !== undefined) {
      await client.post(`${path}/finish`, given)
      io.out(json ? '{}\n' : `connected ${server}\n`)
      return 0
    }
    const scope = textFlag(invocation, 'scope')
    const started = await client.post<ConnectStartAnswer>(path, scope === undefined ? {} : { scope })
    if (json) {
      io.out(`${JSON.stringify(started)}\n`)
      return 0
    }
    io.out(`open this in a browser and agree there:\n\n  ${plainLine(started.url)}\n\n`)
    const number = await askLine('number that the browser is shown then: ')
    if (number === '') {
      throw new RemitError(
        'input_invalid',
        `nothing is connected yet; finish with \`remit servers connect ${server} --flow=${started.flow} --number <number>\` within ten minutes`,
      )
    }
    await client.post(`${path}/finish`, { flow: started.flow, number })
    io.out(`connected ${server}\n`)
    return 0
  },
}
