import { canonicalJson } from '../../core/canonical-json.ts'
import type { Change } from '../../core/change.ts'
import { RemitError } from '../../core/errors.ts'
import { wrongWithFiles, type FleetAgent, type Irregularity, type StartReport } from '../../core/fleet.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Task } from '../../core/identity.ts'
import type { Caller } from '../gate.ts'
import { seenRecord } from './fleet-records.ts'
import type { FleetWriter } from './fleet-writer.ts'
import { agentIdOf, keptAgent, putAgent, removeAgent } from './kept-agents.ts'
import { keyOf, type KnownTask, latestOf, putKnown } from './known-tasks.ts'
import type { PresenceDeps } from './presence-deps.ts'

/** Agents of one task that are told apart. */
const MOST_AGENTS = 8
const HOUR = 3_600_000
/** Of one task in an hour: an agent tells of itself as it starts, and each thing that is new goes on record. */
const MOST_REPORTS = 60

export interface TakenReport {
  readonly agent: FleetAgent
  /** What is wrong with what it says; absent = nothing. */
  readonly reason?: Irregularity
}

/**
 * Keeps what an agent's start report says, and puts on record what is new in it.
 * @throws RemitError `input_invalid` where the task has told of too many agents, `overloaded` where it tells too often;
 * `ledger_unavailable`, `ledger_busy`.
 */
export async function takeReport(
  deps: PresenceDeps,
  writer: FleetWriter,
  {
    caller: { chain },
    known,
    report,
  }: { readonly caller: Caller; readonly known: KnownTask; readonly report: StartReport },
): Promise<TakenReport> {
  const { fleet, settings, clock, sha256, keep } = deps
  const { task } = chain
  if (!known.agents.has(keyOf(report)) && known.agents.size >= MOST_AGENTS) {
    throw new RemitError('input_invalid', `this task has told of ${MOST_AGENTS} agents, which is the most`)
  }
  count(known, clock.now())
  return writer.inTurn(async (journal) => {
    const id = agentIdOf({ human: task.human, ...report }, sha256)
    const before = await keptAgent(fleet, settings.tenant, id)
    const now = clock.now()
    const agent = reported(task, { id, report, before, heard: latestOf(known, report.agent)?.heard, now })
    const records = isNews(before, agent) ? [seenRecord(settings, chain, { agent, by: 'report' })] : []
    const changes = [putAgent(agent, keep), ...(await nameless(deps, task, report.agent))]
    await journal.commit({ records, changes })
    known.agents.delete(keyOf({ agent: report.agent }))
    putKnown(known, agent)
    const reason = wrongWithFiles(agent.hooks?.files) ?? changedSince(before, agent)
    return { agent, ...(reason === undefined ? {} : { reason }) }
  })
}

function count(known: KnownTask, now: number): void {
  const hour = Math.floor(now / HOUR)
  const taken = known.reports.hour === hour ? known.reports.taken : 0
  if (taken >= MOST_REPORTS) {
    throw new RemitError(
      'overloaded',
      `this task has told of its agents ${MOST_REPORTS} times within an hour`,
    )
  }
  known.reports = { hour, taken: taken + 1 }
}

function reported(
  task: Task,
  of: {
    readonly id: string
    readonly report: StartReport
    readonly before: FleetAgent | undefined
    /** When a hook of the same task was last heard. */
    readonly heard: number | undefined
    readonly now: number
  },
): FleetAgent {
  const { id, report, before, now } = of
  const heard = of.heard ?? before?.heard
  return {
    ...report,
    id,
    tenant: task.tenant,
    human: task.human,
    task: task.id,
    first: before?.first ?? now,
    seen: now,
    reported: now,
    ...(heard === undefined ? {} : { heard }),
    ...(before?.irregular === undefined ? {} : { irregular: before.irregular }),
  }
}

/** The same agent of the same task as it was known by its hooks alone. */
async function nameless(
  { fleet, settings, sha256 }: PresenceDeps,
  { human, id }: Task,
  agent: string,
): Promise<readonly Change[]> {
  const twin = await keptAgent(fleet, settings.tenant, agentIdOf({ human, agent }, sha256))
  return twin?.task === id ? [removeAgent(twin)] : []
}

function isNews(before: FleetAgent | undefined, now: FleetAgent): boolean {
  return before === undefined || canonicalJson(told(before)) !== canonicalJson(told(now))
}

function told({ task, version, remit, machine, hooks }: FleetAgent): JsonObject {
  return {
    task,
    version: version ?? null,
    remit: remit ?? null,
    name: machine?.name ?? null,
    files: hooks?.files ?? null,
    digest: hooks?.digest ?? null,
  }
}

/** What another release of Remit wrote there is no change behind its back. */
function changedSince(before: FleetAgent | undefined, now: FleetAgent): Irregularity | undefined {
  if (before?.hooks?.digest === undefined || before.remit !== now.remit) return undefined
  return before.hooks.digest === now.hooks?.digest || now.hooks === undefined ? undefined : 'hooks-changed'
}
