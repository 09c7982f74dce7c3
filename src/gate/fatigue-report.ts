import { type Fatigue, fatigueOf } from '../approvals/fatigue.ts'
import { expireIfDue } from '../approvals/machine.ts'
import type { Approval } from '../core/approval.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { reachesTask } from './reach.ts'

export interface FatigueReport extends Fatigue {
  /** Milliseconds since the epoch; requests made from then until before `until`. */
  readonly from: number
  readonly until: number
  /** False = there were more requests than are looked at, and the oldest are left out. */
  readonly whole: boolean
  /** Trees of tasks that are not in the list. */
  readonly moreTasks: number
}

const PAGE = 250
/** Requests looked at for one report. */
const MOST = 20_000
const MOST_TASKS = 100

/** How much people were asked within a time, as far as the actor sees whose it is. */
export async function fatigueReport(
  deps: AdministrationDeps,
  actor: Actor,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<FatigueReport> {
  const { found, whole } = await readMade(deps, { from, until })
  const now = deps.clock.now()
  const seen = found.filter((approval) => reachesTask(actor, approval))
  const fatigue = fatigueOf(seen.map((approval) => expireIfDue(approval, now)))
  const moreTasks = Math.max(0, fatigue.tasks.length - MOST_TASKS)
  return { from, until, whole, ...fatigue, tasks: fatigue.tasks.slice(0, MOST_TASKS), moreTasks }
}

/** Newest first, in pages between which calls of agents have their turn. */
export async function readMade(
  { approvals, settings }: Pick<AdministrationDeps, 'approvals' | 'settings'>,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<{ readonly found: readonly Approval[]; readonly whole: boolean }> {
  const found = new Map<string, Approval>()
  let before = until
  for (;;) {
    const page = await approvals.made(settings.tenant, { from, until: before, limit: PAGE })
    for (const approval of page) found.set(approval.id, slim(approval))
    const oldest = page.at(-1)?.created
    if (page.length < PAGE || oldest === undefined) return { found: [...found.values()], whole: true }
    if (found.size >= MOST) return { found: [...found.values()], whole: false }
    // Those of the same moment as the last are read again; a page full of one moment is stepped over.
    before = oldest + 1 < before ? oldest + 1 : oldest
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

/** Without what an approver reads, which nobody counts. */
function slim(approval: Approval): Approval {
  return { ...approval, prompt: '' }
}
