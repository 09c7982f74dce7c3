import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { isOlder } from '../../../core/compare-versions.ts'
import type { FoundAgent } from '../../agents/find-agents.ts'
import type { Environ } from '../../load-config.ts'
import type { AgentFinding } from './agent-finding.ts'

/** Milliseconds; some load a lot before they say it. */
const PATIENCE = 10_000
const run = promisify(execFile)

/** Whether it knows how to refuse where its hook fails. Asked of agents alone that learned it at some version. */
export async function lookAtVersion(
  { configuration: { title, failsClosed }, program }: FoundAgent,
  environ: Environ,
): Promise<readonly AgentFinding[]> {
  const from = failsClosed?.from
  if (program === undefined || from === undefined) return []
  const version = await versionOf(program, environ)
  if (version === undefined)
    return [{ about: 'version', result: 'note', says: `${title}: \`${program} --version\` says no version` }]
  if (!isOlder(version, from)) return [{ about: 'version', result: 'good', says: `${title}: ${version}` }]
  return [
    {
      about: 'version',
      result: 'bad',
      says: `${title}: ${version} runs a tool whose hook fails`,
      fix: `install ${from} or later, which knows ${failsClosed?.by ?? 'better'}`,
    },
  ]
}

async function versionOf(program: string, environ: Environ): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, ['--version'], { env: { ...environ }, timeout: PATIENCE })
    return /\d+\.\d+\.\d+[\w.+-]*/.exec(stdout)?.[0]
  } catch {
    return undefined
  }
}
