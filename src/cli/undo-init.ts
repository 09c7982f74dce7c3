import type { ServersReloadAnswer } from '../api/contract.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { InitRun } from '../server/init/init-run.ts'
import { openManagedJournal, openRunJournal } from '../server/init/run-journal.ts'
import { applyUndo, type LaterChanges, planUndo, type UndonePlan } from '../server/init/undo-init.ts'
import { openAdminClient } from './admin-client.ts'
import { type ExitCode, type Invocation, textFlag } from './command.ts'
import { isAgreed } from './is-agreed.ts'
import { loadForInit } from './prepare-init.ts'
import { plainLine } from './plain-text.ts'

/**
 * Makes what the newest run of `remit init` changed as it was before.
 * @throws RemitError `config_invalid` where a file changed since and nobody said what becomes of that; then nothing was
 *   changed.
 */
export async function undoInit(invocation: Invocation): Promise<ExitCode> {
  const { io, json, flags } = invocation
  const journal =
    flags['managed'] === true
      ? openManagedJournal(io.environ)
      : await openRunJournal(loadForInit(invocation), io.environ)
  const newest = journal.newest()
  if (newest === undefined)
    throw new RemitError('input_invalid', 'there is no run of `remit init` to undo here')
  const { run, older } = newest
  const plan = planUndo(run, (textFlag(invocation, 'later') ?? 'refuse') as LaterChanges)
  if (!json) io.out(planText(plan, run))
  if (flags['dry-run'] === true) return 0
  if (!(await isAgreed(invocation))) {
    io.out('nothing was changed\n')
    return 1
  }
  applyUndo(plan)
  newest.remove()
  const gateway = run.servers.length === 0 ? undefined : await reload(invocation)
  io.out(
    json
      ? `${JSON.stringify({ undone: run.at, secrets: run.secrets, older, gateway })}\n`
      : doneText(run, older),
  )
  return 0
}

function planText({ restored, reversed, same }: UndonePlan, { at }: InitRun): string {
  const lines = [
    `undoes the run of ${at}`,
    ...restored.map(({ path, after }) => `  ${path} ${after === undefined ? 'goes' : 'becomes what it was'}`),
    ...reversed.map(({ path }) => `  ${path} loses what was written there, and keeps what came later`),
    ...same.map((path) => `  ${path} is what it was`),
  ]
  return lines.map((line) => `${plainLine(line)}\n`).join('')
}

function doneText({ secrets }: InitRun, older: number): string {
  const kept = secrets.map((name) => `the secret ${name} stays in the store: remit secrets remove ${name}\n`)
  const more = older === 0 ? '' : `${older} earlier runs can be undone\n`
  return `undone\n${kept.join('')}${more}`
}

/** A gateway that follows its file takes it by itself; asking it says whether it did. */
async function reload(invocation: Invocation): Promise<ServersReloadAnswer['status'] | 'not running'> {
  try {
    const client = await openAdminClient(invocation, 'read', { quiet: true })
    return (await client.post<ServersReloadAnswer>('/servers/reload', {})).status
  } catch (thrown) {
    const { code, message } = asRemitError(thrown)
    if (code === 'gateway_unreachable' || code === 'credential_missing') return 'not running'
    throw new RemitError(
      code,
      `the files are what they were, and the gateway did not take its own: ${message}`,
    )
  }
}
