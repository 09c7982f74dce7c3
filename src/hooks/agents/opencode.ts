import type { AgentAdapter } from '../agent-adapter.ts'
import { objectOf, resultOf, textOf, toldOf } from '../read-payload.ts'

/**
 * opencode 1.18, whose hooks are functions of a plugin: `agents/opencode-plugin.js` asks with payloads of its own. It knows
 * the MCP servers and so tells whose a tool is, which `server_tool` alone does not.
 */
export const OPENCODE: AgentAdapter = {
  agent: 'opencode',
  read(payload) {
    const event = textOf(payload, 'event')
    const told = toldOf(payload, {
      session: 'sessionID',
      subAgent: 'subAgent',
      subAgentType: 'subAgentType',
      subAgentParent: 'subAgentParent',
      folder: 'directory',
    })
    if (event === 'start') return { ...told, moment: 'start' }
    if (event === 'sub-agent-ended') return { ...told, moment: event, subAgent: textOf(payload, 'subAgent') }
    if (event !== 'before' && event !== 'after') return { ...told, moment: 'other', name: event }
    const server = payload['server'] === undefined ? undefined : textOf(payload, 'server')
    const tool = {
      name: textOf(payload, 'tool'),
      use: textOf(payload, 'callID'),
      arguments: objectOf(payload, 'args'),
      ...(server === undefined ? {} : { server }),
    }
    const result = event === 'after' ? resultOf(payload, 'result') : undefined
    return { ...told, moment: event, tool, ...(result === undefined ? {} : { result }) }
  },
  allow: () => undefined,
  deny: (_, why) => ({ deny: why }),
  replace: (_, result) => ({ result }),
}
