import { RemitError } from '../core/errors.ts'
import type { TaskId } from '../core/ids.ts'
import { chainState, type Task, type TaskChain } from '../core/identity.ts'
import { haltOf } from '../core/standing.ts'
import { checkedHolder } from '../identity/make-task.ts'
import type { Actor, IssuedTask, TokenWish } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { checkBoxedToken } from './boxed-task.ts'
import { refuseCycle } from './hold-task.ts'
import { haltedError, requireActive } from './identify.ts'
import { chainInReach, templateOf, whileStanding } from './manage-tasks.ts'
import { taskRecord } from './task-records.ts'

/** More time and nothing else: never beyond a task above, the budget of time, or what its maker's credential may. */
export async function renewTask(
  deps: AdministrationDeps,
  actor: Actor,
  id: TaskId,
  lifetime?: number,
): Promise<IssuedTask> {
  let renewed: TaskChain | undefined
  await whileStanding(deps, async (revision) => {
    const chain = await ownChain(deps, actor, id)
    const { task } = chain
    const expires = newExpiry(deps, chain, lifetime)
    renewed = { ...chain, task: { ...task, expires } }
    const { human, credential } = actor
    const data = { before: new Date(task.expires).toISOString() }
    return deps.journal.commit({
      records: [taskRecord(deps, renewed, { kind: 'task.renewed', actor: human.id, credential, data })],
      changes: [
        { kind: 'expect-standing', tenant: task.tenant, revision },
        { kind: 'renew-task', tenant: task.tenant, task: id, from: task.expires, expires },
      ],
    })
  })
  if (renewed === undefined) throw new RemitError('internal', 'a task was renewed to nothing')
  return { task: renewed.task, token: await deps.mintToken(renewed), url: deps.mcpUrl }
}

/** Another token for the same task, as after the first was lost: it can do what the task may, and nothing more. */
export async function issueToken(
  deps: AdministrationDeps,
  actor: Actor,
  id: TaskId,
  wish: TokenWish = {},
): Promise<IssuedTask> {
  const found = await ownChain(deps, actor, id)
  checkBoxedToken(deps, actor, found.task, wish)
  const chain = heldAs(found, wish)
  const { human, credential } = actor
  const { tenant, holder } = chain.task
  const from = found.task.holder
  const outcome = await deps.journal.commit({
    records: [taskRecord(deps, chain, { kind: 'task.token', actor: human.id, credential })],
    changes: holder === from ? [] : [{ kind: 'hold-task', tenant, task: id, from, holder }],
  })
  if (outcome !== 'committed')
    throw new RemitError('overloaded', 'somebody else changes this task; try again')
  return { task: chain.task, token: await deps.mintToken(chain), url: deps.mcpUrl }
}

/** The task in the hands of whom its human says; who held it before does not any more. */
function heldAs({ task, ancestors }: TaskChain, { holder, release }: TokenWish): TaskChain {
  if (holder === undefined && release !== true) return { task, ancestors }
  const { holder: _before, ...free } = task
  refuseCycle({ ancestors }, holder)
  return { task: holder === undefined ? free : { ...free, holder: checkedHolder(holder) }, ancestors }
}

/** A task that this actor delegated, still active; the credential on disk has only those that it made itself. */
async function ownChain(deps: AdministrationDeps, actor: Actor, id: TaskId): Promise<TaskChain> {
  const standing = await deps.tasks.standing(deps.settings.tenant)
  const chain = await chainInReach(deps, actor, id)
  const { task, ancestors } = chain
  if (task.subAgent !== undefined) throw withoutToken(task)
  const { origin } = ancestors.at(-1) ?? task
  const own = actor.human.id === task.human && actor.onlyTask === undefined
  if (!own || (actor.credential === 'stored' && origin !== 'stored-credential')) {
    throw new RemitError(
      'task_not_yours',
      own
        ? `the credential on disk did not make the task \`${id}\`; use an approver code`
        : `the task \`${id}\` is for \`${task.human}\`, who alone may renew it or have a token for it`,
    )
  }
  if (chainState(chain, deps.clock.now()).state !== 'active') requireActive(chain, deps.clock.now())
  const halt = haltOf(standing, chain)
  if (halt !== undefined) throw haltedError(halt)
  return chain
}

function withoutToken({ id, parent }: Task): RemitError {
  return new RemitError(
    'input_invalid',
    `the task \`${id}\` is a sub-agent’s: it acts over the connection of its agent and has no token; ask for \`${String(parent)}\``,
  )
}

/** @throws RemitError `scope_wider` where nothing can be added. */
function newExpiry(deps: AdministrationDeps, chain: TaskChain, lifetime: number | undefined): number {
  const { task, ancestors } = chain
  const template = templateOf(deps, task.workflow)
  if (lifetime !== undefined && lifetime > template.maxLifetime) {
    throw new RemitError(
      'scope_wider',
      `the lifetime is over this workflow’s limit of ${Math.floor(template.maxLifetime / 1_000)} s`,
    )
  }
  const root = ancestors.at(-1) ?? task
  const stored = root.origin === 'stored-credential' ? deps.storedCredential?.maxLifetime : undefined
  const expires = Math.min(
    deps.clock.now() + Math.min(lifetime ?? template.lifetime, template.maxLifetime),
    ...ancestors.map((ancestor) => ancestor.expires),
    ...[task, ...ancestors].map(({ created, budget }) => created + (budget.duration ?? Infinity)),
    root.created + (stored ?? Infinity),
  )
  if (expires > task.expires) return expires
  throw new RemitError(
    'scope_wider',
    `the task \`${task.id}\` already lives as long as its workflow, its budget and what it was delegated from allow, until ${new Date(task.expires).toISOString()}`,
  )
}
