import { resolve } from 'node:path'
import { RemitError } from '../core/errors.ts'
import { type AgentSurroundings, ownAgentSurroundings } from '../server/agents/agent-surroundings.ts'
import type { FoundAgent } from '../server/agents/find-agents.ts'
import { gatewayCommands } from '../server/agents/gateway-commands.ts'
import { KNOWN_AGENTS } from '../server/agents/known-agents.ts'
import { createScanner } from '../server/create-scanner.ts'
import { applyInit } from '../server/init/apply-init.ts'
import { endpointFor } from '../server/init/gateway-connection.ts'
import { maskedDiff } from '../server/init/masked-diff.ts'
import { planManaged } from '../server/init/plan-managed.ts'
import { openManagedJournal } from '../server/init/run-journal.ts'
import { loadSelected } from '../server/tenants/select-tenant.ts'
import { type ExitCode, type Invocation, listFlag, textFlag, UsageError } from './command.ts'
import { configPlace } from './config-place.ts'
import { planText } from './format-init.ts'
import { isAgreed } from './is-agreed.ts'
import { paint } from './paint.ts'

/**
 * Locks what agents do for everybody on this machine, or writes the files for it below another folder.
 * @throws UsageError, and RemitError whatever is in the way; then nothing was changed.
 */
export async function runManagedInit(invocation: Invocation): Promise<ExitCode> {
  const { io, json, flags } = invocation
  const at = surroundingsOf(invocation)
  const agents = managedAgents(invocation, at)
  const url = textFlag(invocation, 'url')
  const endpoint = url ?? endpointFor(configPlace(invocation), loadSelected(configPlace(invocation)))
  const { platform } = at
  const plan = planManaged({
    agents,
    at,
    commandsOf: (agent) => gatewayCommands({ agent, platform, connect: connectOf(agent, endpoint) }),
  })
  const answer = (status: 'unchanged' | 'planned' | 'changed'): string =>
    `${JSON.stringify({ status, files: plan.changes.map(({ file, after }) => ({ path: file.path, after })), warnings: plan.warnings })}\n`
  if (plan.changes.length === 0) {
    io.out(json ? answer('unchanged') : 'nothing to change\n')
    return 0
  }
  const scanner = createScanner()
  const differenceOf = (before: string, after: string): readonly string[] =>
    maskedDiff(before, after, { scanner, values: [] })
  if (!json) io.out(planText(io, { plan, agents: [], file: '', differenceOf }))
  if (flags['dry-run'] === true) {
    if (json) io.out(answer('planned'))
    return 0
  }
  if (at.managedRoot === undefined) requireAdministrator(process.getuid?.())
  if (!(await isAgreed(invocation))) {
    io.out('nothing was changed\n')
    return 1
  }
  const journal = openManagedJournal(io.environ)
  await applyInit(plan, { journal, gateway: NO_GATEWAY, configuration: '', now: () => new Date() })
  const done = `${plan.changes.length} files of administrators were written`
  io.out(
    json
      ? answer('changed')
      : `${paint(io, 'green', done)}; \`remit init --managed --undo\` makes them as they were\n`,
  )
  return 0
}

/** @param uid of this process; undefined = the platform knows none, and says by itself what may not be written. */
export function requireAdministrator(uid: number | undefined): void {
  if (uid === undefined || uid === 0) return
  throw new RemitError(
    'input_invalid',
    'these files hold for everybody on this machine, so an administrator writes them: run it with `sudo`, or with `--out <folder>` for files to roll out. Nothing was changed',
  )
}

/** Nothing moves, so that it has nothing to take. */
const NO_GATEWAY = {
  setSecrets: async () => {},
  takeBackSecrets: async () => {},
  reload: async () => undefined,
}

function surroundingsOf(invocation: Invocation): AgentSurroundings {
  const { io, flags } = invocation
  if (flags['user'] === true || flags['project'] === true)
    throw new UsageError('`--managed` stands without `--user` and `--project`', 'init')
  const out = textFlag(invocation, 'out')
  const own = ownAgentSurroundings(io.environ, io.cwd)
  return out === undefined ? own : { ...own, managedRoot: resolve(io.cwd, out) }
}

/** Those that have such files, whether they are here or not: what users install, root does not see. @throws UsageError. */
function managedAgents(invocation: Invocation, at: AgentSurroundings): readonly FoundAgent[] {
  const all = KNOWN_AGENTS.filter((each) => each.files(at).some(({ level }) => level === 'managed'))
  const named = listFlag(invocation, 'agent') ?? all.map(({ agent }) => agent)
  return named.map((key) => {
    const configuration = all.find(({ agent }) => agent === key)
    if (configuration !== undefined) return { configuration }
    const keys = all.map(({ agent }) => agent).join(', ')
    throw new UsageError(
      `\`${key}\` has no files of administrators that are known here; ${keys} have`,
      'init',
    )
  })
}

/** The same words for every user, each with a login of their own. */
function connectOf(agent: string, endpoint: string): readonly string[] {
  return ['--agent', agent, '--url', endpoint, '--login-file', `~/.local/state/remit/logins/${agent}.json`]
}
