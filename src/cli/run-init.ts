import { existsSync } from 'node:fs'
import type { ServerChecksAnswer, ServersReloadAnswer } from '../api/contract.ts'
import { RemitError } from '../core/errors.ts'
import { applyInit } from '../server/init/apply-init.ts'
import { loginFolder, makeLoginFolder } from '../server/init/gateway-connection.ts'
import type { InitPlan } from '../server/init/plan-init.ts'
import { openRunJournal } from '../server/init/run-journal.ts'
import type { AdminClient } from './admin-client.ts'
import type { ExitCode, Invocation } from './command.ts'
import { agentsText, doneText, planText } from './format-init.ts'
import { isAgreed } from './is-agreed.ts'
import { type PreparedInit, prepareInit } from './prepare-init.ts'
import { SecretMover } from './secret-mover.ts'

/** @throws UsageError, and RemitError whatever is in the way; then nothing was changed. */
export async function runInit(invocation: Invocation): Promise<ExitCode> {
  const { io, json, flags } = invocation
  const prepared = await prepareInit(invocation)
  const { plan, file, reader } = prepared
  if (plan.changes.length === 0 && plan.configuration === undefined) {
    io.out(json ? answerText(prepared, 'unchanged') : `${agentsText(io, prepared)}nothing to change\n`)
    return 0
  }
  checkConfiguration(plan, file)
  if (plan.values.size > 0 && reader === undefined) throw needsGateway(plan)
  if (!json) io.out(planText(io, prepared))
  if (flags['dry-run'] === true) {
    if (json) io.out(answerText(prepared, 'planned'))
    return 0
  }
  if (!(await isAgreed(invocation))) {
    io.out('nothing was changed\n')
    return 1
  }
  makeLoginFolder(loginFolder(io.environ))
  const taken = await applyInit(plan, {
    journal: await openRunJournal(prepared.loaded, io.environ),
    gateway: new SecretMover(invocation, prepared),
    configuration: file,
    now: () => new Date(),
  })
  const checks = await checkMoved(reader, taken)
  io.out(json ? answerText(prepared, 'changed') : doneText(io, { ...prepared, taken, checks }))
  return 0
}

/** A file that is made in the wrong place would be nobody’s. @throws RemitError `config_invalid`. */
function checkConfiguration({ configuration }: InitPlan, file: string): void {
  if (configuration === undefined || existsSync(file)) return
  throw new RemitError(
    'config_invalid',
    `servers are to move behind the gateway, and there is no \`${file}\`; name the gateway’s file with --config, or make an empty one`,
  )
}

function needsGateway({ values }: InitPlan): RemitError {
  return new RemitError(
    'gateway_unreachable',
    `${[...values.keys()].map((name) => `\`${name}\``).join(', ')} would go into the encrypted store, which the running gateway keeps; start it with \`remit start\` first. Nothing was changed`,
  )
}

/** So that their tools can be reviewed before an agent meets them. */
async function checkMoved(
  reader: AdminClient | undefined,
  taken: ServersReloadAnswer | 'not running' | undefined,
): Promise<ServerChecksAnswer['servers']> {
  if (reader === undefined || taken === undefined || taken === 'not running') return []
  const checks: ServerChecksAnswer['servers'][number][] = []
  for (const server of taken.changes.added.filter((key) => taken.servers.includes(key))) {
    checks.push(...(await reader.post<ServerChecksAnswer>('/servers/check', { server })).servers)
  }
  return checks
}

function answerText(
  { plan, agents, file }: PreparedInit,
  status: 'unchanged' | 'planned' | 'changed',
): string {
  return `${JSON.stringify({
    status,
    agents: agents.map(({ configuration, program }) => ({ agent: configuration.agent, program })),
    files: plan.changes.map(({ file: { path } }) => path),
    configuration: plan.configuration === undefined ? undefined : file,
    moved: plan.moved.map(({ key, from, secrets }) => ({
      key,
      from: from.map(({ place }) => place),
      secrets,
    })),
    left: plan.left.map(({ server: { name, place }, problems }) => ({ name, place, problems })),
  })}\n`
}
