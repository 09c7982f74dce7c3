import { text } from 'node:stream/consumers'
import type { Command, Io } from './command.ts'

const AGENT_URL = 'http://127.0.0.1:7410'
/** Seconds: less than agents wait for a hook, and more than the gateway holds one. */
const DEADLINE = 150

export const hook: Command = {
  path: 'hook',
  summary: 'ask the gateway about one hook of a coding agent',
  positionals: [{ name: 'agent', summary: 'whose hook it is, as in docs/hooks.md: `claude-code`, `codex`…' }],
  flags: [],
  notes: `For the configuration of agents, with the hook's payload on stdin. Where there is
a shell, \`remit-hook\` does the same and starts faster.
REMIT_TOKEN is the token of the task, REMIT_AGENT_URL the agent plane,
REMIT_GATEWAY_NAME the agent's name for the gateway among its MCP servers.
Exit code 2 with the reason on stderr is a no; so is everything that goes wrong.`,
  run: async ({ positionals, io }) => {
    const [agent = ''] = positionals
    try {
      const response = await fetch(`${io.environ['REMIT_AGENT_URL'] ?? AGENT_URL}/hooks/v1/${agent}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${io.environ['REMIT_TOKEN'] ?? ''}`,
          'content-type': 'application/json',
          'remit-hook-form': 'command',
          'remit-hook-gateway': io.environ['REMIT_GATEWAY_NAME'] ?? 'remit',
        },
        body: await text(process.stdin),
        signal: AbortSignal.any([io.stopped, AbortSignal.timeout(DEADLINE * 1_000)]),
        redirect: 'error',
      })
      const told = await response.text()
      if (response.status !== 200) throw new Error(told.trim())
      io.out(told)
      return 0
    } catch (thrown) {
      return refuse(io, agent, `remit: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
  },
}

/** Not the way of other commands: agents take only this exit code for a no, and Cline none at all. */
function refuse(io: Io, agent: string, words: string): number {
  if (agent === 'cline') io.out(`${JSON.stringify({ cancel: true, errorMessage: words })}\n`)
  io.err(`${words}\n`)
  return 2
}
