import { RemitError } from '../core/errors.ts'
import type { TaskChain } from '../core/identity.ts'
import type { IssuedTask } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import type { Presented } from './delegate.ts'
import { tracedTask } from './identify.ts'
import { shownHolder } from './shown-holder.ts'
import { taskRecord } from './task-records.ts'

/** Lets whoever shows a key or a certificate bind a task that nobody holds: from then on its tokens are of no use to anybody else. */
export interface Holding {
  /**
   * The first who asks is the holder, and may ask again.
   * @returns a token that names the holder.
   * @throws RemitError `token_*`, `proof_*`, `certificate_*`, `task_*`.
   */
  hold(presented: Presented): Promise<IssuedTask>
}

export function createHolding(deps: AdministrationDeps): Holding {
  return {
    async hold({ token, showing }) {
      const { claims, chain } = await tracedTask(deps, token)
      const { holder = claims.holder } = chain.task
      const key = shownHolder(deps, showing, { token: token ?? '', holder })
      const held = await bindHolder(deps, chain, { key, credential: 'task-token' })
      return { task: held.task, token: await deps.mintToken(held), url: deps.mcpUrl }
    },
  }
}

/**
 * The task in the hands of this key or certificate, on record; unchanged where it is already.
 * @throws RemitError `token_invalid` where another key has it, `input_invalid` where the key holds a task above it.
 */
export async function bindHolder(
  deps: AdministrationDeps,
  { task, ancestors }: TaskChain,
  by: { readonly key: string; readonly credential: 'task-token' },
): Promise<TaskChain> {
  const { key, credential } = by
  if (task.holder === key) return { task, ancestors }
  if (task.holder !== undefined) throw heldByAnother(task.id)
  refuseCycle({ ancestors }, key)
  const held = { task: { ...task, holder: key }, ancestors }
  const actor = `${task.agent.kind}:${task.id}`
  const outcome = await deps.journal.commit({
    records: [taskRecord(deps, held, { kind: 'task.token', actor, credential })],
    changes: [{ kind: 'hold-task', tenant: task.tenant, task: task.id, from: undefined, holder: key }],
  })
  if (outcome !== 'committed') throw heldByAnother(task.id)
  return held
}

/** An instance of an agent is its task and its key or certificate: whoever holds a task above would be delegating to itself. */
export function refuseCycle({ ancestors }: Pick<TaskChain, 'ancestors'>, key: string | undefined): void {
  const own = ancestors.find(({ holder }) => key !== undefined && holder === key)
  if (own === undefined) return
  throw new RemitError(
    'input_invalid',
    `the key or certificate of the child holds \`${own.id}\`, from which it is delegated; a child needs one of its own`,
  )
}

function heldByAnother(task: string): RemitError {
  return new RemitError(
    'token_invalid',
    `the task \`${task}\` is held by another key or certificate; if that one is lost, its human can let it go with \`remit task token ${task} --release\``,
  )
}
