import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { FoundAgent } from '../server/agents/find-agents.ts'
import { KNOWN_AGENTS } from '../server/agents/known-agents.ts'

/** What an agent's settings start as its server: it may run in any folder. */
function connectCommand(): readonly [string, ...string[]] {
  if (!import.meta.url.endsWith('/src/cli/agent-settings.ts')) return ['remit']
  const script = join(fileURLToPath(import.meta.url), '..', '..', '..', 'bin', 'remit')
  return process.platform === 'win32' ? ['node', script] : [script]
}

/**
 * One line an agent that puts it behind the gateway whole, those of this machine first.
 * @param remit what a person types to run this program.
 */
export function initLines(remit: string, found: readonly FoundAgent[]): string {
  const agents = found.map(({ configuration }) => configuration)
  const others = KNOWN_AGENTS.filter((each) => !agents.includes(each)).map(({ agent }) => agent)
  const lines = [
    ...(agents.length > 1 ? [['', 'all that are found here']] : []),
    ...agents.map(({ agent, title }) => [` --agent ${agent}`, `${title}, found here`]),
    ...(others.length === 0 ? [] : [[' --agent …', `one of ${others.join(', ')}`]]),
  ]
  const width = Math.max(...lines.map(([flags = '']) => flags.length))
  return lines.map(([flags = '', what]) => `  ${remit} init${flags.padEnd(width)}   ${what}\n`).join('')
}

/**
 * How one task is given to an agent by hand: through `remit connect`, whose key holds the task from then on.
 * @param mcp the MCP endpoint.
 */
export function connectLines(mcp: string): string {
  const line = [...connectCommand(), 'connect', '--url', mcp]
    .map((word) => (/\s/.test(word) ? `"${word}"` : word))
    .join(' ')
  const variable = 'REMIT_TASK_TOKEN'
  return [
    `  claude mcp add --scope user --env ${variable}=$${variable} --transport stdio remit -- ${line} --agent claude-code\n`,
    `  codex mcp add remit --env ${variable}=$${variable} -- ${line} --agent codex\n`,
    `  ${line}   any other, on stdio\n`,
    `  ${mcp}   any other, over HTTP: OAuth, or \`Authorization: Bearer …\`; without DPoP\n`,
    '    no key holds the task then: it starts no agents and passes no gate of high severity\n',
  ].join('')
}
