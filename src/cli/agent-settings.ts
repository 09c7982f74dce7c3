import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

/** What an agent's settings start as its server: it may run in any folder. */
function connectCommand(): readonly [string, ...string[]] {
  if (!import.meta.url.endsWith('/src/cli/agent-settings.ts')) return ['remit']
  const script = join(fileURLToPath(import.meta.url), '..', '..', '..', 'bin', 'remit')
  return process.platform === 'win32' ? ['node', script] : [script]
}

/**
 * How to point agents at a gateway: each through `remit connect`, whose key holds the task from then on, and its hooks with it.
 * @param mcp the MCP endpoint.
 */
export function agentSettings(mcp: string): string {
  const remit = connectCommand()
  const [command, ...rest] = [...remit, 'connect', '--url', mcp] as const
  const line = [command, ...rest].map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')
  const variable = 'REMIT_TASK_TOKEN'
  const cursor = { command, args: [...rest, '--agent', 'cursor'], env: { [variable]: `\${env:${variable}}` } }
  return [
    `  all of them  ${remit.join(' ')} init   (finds them, moves their servers behind the gateway, writes their hooks; --undo takes it back)\n`,
    `  Claude Code  claude mcp add --env ${variable}=$${variable} --transport stdio remit -- ${line} --agent claude-code\n`,
    `  Codex        codex mcp add remit --env ${variable}=$${variable} -- ${line} --agent codex\n`,
    `  Cursor       "remit": ${JSON.stringify(cursor)} in .cursor/mcp.json\n`,
    `  any other    ${line}   (stdio; takes ${variable}, or a login in the browser with --login)\n`,
    `  over HTTP    ${mcp}, with OAuth or \`Authorization: Bearer $${variable}\`. Unless the client sends DPoP proofs,\n`,
    '               no key holds the task then: it starts no agents and passes no gate of high severity\n',
  ].join('')
}
