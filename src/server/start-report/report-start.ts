import { REPORT_PATH } from '../../api/agent-endpoint.ts'
import type { StartReport } from '../../core/fleet.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Log } from '../../core/log.ts'
import { ownAgentSurroundings } from '../agents/agent-surroundings.ts'
import { KNOWN_AGENTS } from '../agents/known-agents.ts'
import { agentPath } from '../find-endpoint.ts'
import type { Environ } from '../load-config.ts'
import { packageVersion } from '../package-version.ts'
import { repositoryAround } from '../repository-around.ts'
import { sendProved } from '../send-proved.ts'
import type { TaskAccess } from '../task-access.ts'
import { introducedVersion } from './client-introduction.ts'
import { hookFilesOf } from './hook-files.ts'
import { ownMachine } from './own-machine.ts'
import { readIfAny } from './read-if-any.ts'

export interface StartReportOptions {
  readonly agent: string
  readonly environ: Environ
  /** Folder in which the agent works. Absolute. */
  readonly cwd: string
  /** The gateway's MCP endpoint. */
  readonly endpoint: string
  readonly access: Pick<TaskAccess, 'headers' | 'asksForNonce'>
  readonly log: Log
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Tells the gateway which agent begins here, and how its hooks are. Without it the agent works all the same.
 * @param params of the first message of its MCP client.
 */
export async function reportStart(options: StartReportOptions, params: JsonObject): Promise<void> {
  const { endpoint, access, log, signal } = options
  try {
    const { statusCode, body } = await sendProved(access, {
      target: agentPath(endpoint, REPORT_PATH),
      options: {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(startReport(options, params)),
        signal,
      },
    })
    await body.dump()
    if (statusCode >= 300) log.log('warn', `the gateway took no start report of this agent: ${statusCode}`)
  } catch (thrown) {
    if (signal.aborted) return
    log.log(
      'warn',
      `no start report of this agent: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    )
  }
}

function startReport({ agent, environ, cwd }: StartReportOptions, params: JsonObject): StartReport {
  const version = introducedVersion(params)
  const configuration = KNOWN_AGENTS.find((each) => each.agent === agent)
  const at = ownAgentSurroundings(environ, repositoryAround(cwd) ?? cwd)
  const hooks = configuration && hookFilesOf(configuration, at, readIfAny)
  return {
    agent,
    ...(version === undefined ? {} : { version }),
    remit: packageVersion(),
    machine: ownMachine(environ),
    ...(hooks === undefined ? {} : { hooks }),
  }
}
