import type { WaitingKey } from '../approvals/approval-store.ts'
import type { Approval } from '../core/approval.ts'
import type { Actor } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { limitedTo, reachesApproval } from './reach.ts'
import { readWaiting } from './read-waiting.ts'

interface Inbox {
  readonly count: number
  readonly pages: AsyncIterable<readonly Approval[]>
}

/** What waits and is in their reach. Whoever sees all of it is told how much it is before any of it was read. */
export async function readInbox(deps: AdministrationDeps, actor: Actor, most: number): Promise<Inbox> {
  const { approvals, settings } = deps
  const keys = await approvals.waiting(settings.tenant, most)
  if (actor.onlyTask === undefined && limitedTo(actor) !== undefined) return limited(deps, actor, keys)
  const reached = keys.filter(({ task }) => actor.onlyTask === undefined || actor.onlyTask === task)
  return { count: reached.length, pages: readWaiting(approvals, settings.tenant, reached) }
}

/** Who may decide a request stands in the request, so each is read to be counted. */
async function limited(deps: AdministrationDeps, actor: Actor, keys: readonly WaitingKey[]): Promise<Inbox> {
  const reached: (readonly Approval[])[] = []
  for await (const page of readWaiting(deps.approvals, deps.settings.tenant, keys)) {
    reached.push(page.filter((approval) => reachesApproval(deps, actor, approval)))
  }
  const pages = reached.filter((page) => page.length > 0)
  return { count: pages.flat().length, pages: inTurn(pages) }
}

async function* inTurn<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items
}
