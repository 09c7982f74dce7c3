import { RemitError } from '../core/errors.ts'
import { chainState, type Human, type Task, type TaskChain } from '../core/identity.ts'
import type { Presentation, Shown } from '../core/showing.ts'
import { haltOf, type Halt, type Standing } from '../core/standing.ts'
import { loadChain } from '../identity/task-chain.ts'
import type { TaskClaims } from '../identity/task-token.ts'
import type { Caller } from './gate.ts'
import type { GateDeps } from './gate-deps.ts'
import { shownHolder } from './shown-holder.ts'

/** Step 1: the token points to a task; the task in the store, with every ancestor, is the truth. */
export async function identify(
  deps: GateDeps,
  token: string | undefined,
  showing?: Presentation | Shown,
): Promise<Caller> {
  const { claims, ...known } = await tracedTask(deps, token)
  const holder = holderOf(deps, { token: token ?? '', claims, task: known.chain.task }, showing)
  return {
    ...known,
    ...(holder === undefined ? {} : { holder }),
    holderBound: holder !== undefined,
    identifiedAt: deps.clock.now(),
  }
}

/** Who a genuine token speaks of, whoever presents it. */
export async function tracedTask(
  deps: GateDeps,
  token: string | undefined,
): Promise<Pick<Caller, 'chain' | 'human' | 'standing' | 'until'> & { readonly claims: TaskClaims }> {
  if (token === undefined) {
    throw new RemitError(
      'token_missing',
      'this endpoint needs a task token; make one with `remit task create` and send it as `Authorization: Bearer …`',
    )
  }
  const verified = deps.verifier.verify(token)
  const claims = verified instanceof Promise ? await verified : verified
  const known = deps.tasks.standing(deps.settings.tenant)
  const standing = known instanceof Promise ? await known : known
  const chain = await loadChain(deps.tasks, deps.settings.tenant, claims.task)
  if (chain === undefined || claims.tenant !== deps.settings.tenant || claims.human !== chain.task.human) {
    throw new RemitError('task_unknown', 'the task of this token does not exist here; ask for a new task')
  }
  const found = knownHuman(deps, chain.task, standing)
  const human = found instanceof Promise ? await found : found
  if (human === undefined) {
    throw new RemitError(
      'task_unknown',
      `the human who delegated this task, \`${chain.task.human}\`, is not known here any more`,
    )
  }
  requireActive(chain, deps.clock.now())
  requireNoCycle(chain)
  requireRunning(standing, chain)
  const until = Math.min(claims.expires, ...[chain.task, ...chain.ancestors].map(({ expires }) => expires))
  return { chain, human, standing, until, claims }
}

/** Whom a task is for, as they are no earlier than authority was looked at; undefined = nobody who is known here. */
export function knownHuman(
  { humans }: Pick<GateDeps, 'humans'>,
  { tenant, human }: Task,
  { revision }: Standing,
): Human | undefined | Promise<Human | undefined> {
  const waits = humans.catchUp?.(revision)
  const found = humans.find(tenant, human)
  if (waits === undefined && found !== undefined) return found
  // Another replica may have been told of them a moment ago.
  const news = waits ?? humans.catchUp?.()
  return news === undefined ? undefined : news.then(() => humans.find(tenant, human))
}

/**
 * The holder who was shown, who is the one that the token and the task are bound to; undefined = neither is bound.
 * @throws RemitError `proof_*`, `certificate_*`, `token_invalid`.
 */
function holderOf(
  deps: GateDeps,
  of: { readonly token: string; readonly claims: TaskClaims; readonly task: Task },
  showing: Presentation | Shown | undefined,
): string | undefined {
  const { holder = of.claims.holder } = of.task
  if (holder === undefined) {
    // A certificate comes with its connection, whatever is asked there.
    if (showing === undefined || 'certificate' in showing) return undefined
    // RFC 9449 §7.1: a proof beside a token that is not bound to its key shows nothing.
    throw new RemitError(
      'token_invalid',
      'this token is bound to no key, so that a proof shows nothing: bind it first, as `remit connect` does, or send it as `Bearer`',
    )
  }
  if (of.claims.holder !== undefined && of.claims.holder !== holder) {
    throw new RemitError(
      'token_invalid',
      'the task is held by another key or certificate now; use a token that is bound to it',
    )
  }
  if (showing === undefined || !('key' in showing))
    return shownHolder(deps, showing, { token: of.token, holder })
  if (showing.key === holder) return holder
  throw new RemitError('token_invalid', 'the task is held by another key or certificate now')
}

/**
 * Keys change hands after children are made too, so that a task may come to be held by whoever holds a task above it.
 * @throws RemitError `token_invalid`.
 */
function requireNoCycle({ task, ancestors }: TaskChain): void {
  if (ancestors.length === 0) return
  const keys = new Set<string>()
  for (const { id, holder } of [task, ...ancestors]) {
    if (holder !== undefined && keys.has(holder)) {
      throw new RemitError(
        'token_invalid',
        `the key that holds \`${id}\` holds a task below it too, which it would have delegated to itself; its human gives one of them another key: \`remit task token ${id} --release\``,
      )
    }
    if (holder !== undefined) keys.add(holder)
  }
}

/** @throws RemitError `task_halted`; a server that is stopped is refused call by call. */
function requireRunning(standing: Standing, chain: TaskChain): void {
  const halt = haltOf(standing, chain)
  if (halt !== undefined) throw haltedError(halt)
}

export function haltedError({ target, id, reason }: Halt): RemitError {
  const what = target === 'tenant' ? 'everything here' : `the ${target} \`${id}\``
  return new RemitError(
    'task_halted',
    `${what} was stopped by a human: ${reason}; stop working and tell your human`,
  )
}

/** @throws RemitError `task_revoked`, `task_completed` or `task_expired`, naming the ancestor where it is one. */
export function requireActive(chain: TaskChain, now: number): void {
  const { state, task } = chainState(chain, now)
  if (state === 'active') return
  if (state === 'completed') {
    throw new RemitError('task_completed', `the task \`${task.id}\` is completed; ask for a new task`)
  }
  const which =
    task.id === chain.task.id ? 'this task' : `the task \`${task.id}\`, from which this one was delegated,`
  if (state === 'revoked') {
    throw new RemitError('task_revoked', `${which} was revoked: ${task.revoked?.reason ?? 'no reason given'}`)
  }
  throw new RemitError(
    'task_expired',
    `${which} expired at ${new Date(task.expires).toISOString()}; ask for a new task`,
  )
}
