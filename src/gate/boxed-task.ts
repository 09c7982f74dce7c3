import { RemitError } from '../core/errors.ts'
import type { Environment, Task } from '../core/identity.ts'
import type { Actor, TokenWish } from './administration.ts'
import type { AdministrationDeps } from './administration-deps.ts'

/** What a box may stand in for. Where a workflow says staging or production, the box must not make that less strict. */
const BOXABLE: ReadonlySet<Environment> = new Set(['laptop', 'sandbox'])

/**
 * A task whose agent `remit run` starts in a sandbox and that only the key of its relay can use: proved to be sandboxed.
 * docs/sandbox.md says why the credential on disk is believed in this, and nothing else is.
 * @throws RemitError `scope_wider`, `input_invalid`.
 */
export function asBoxed(deps: Pick<AdministrationDeps, 'noBoxes'>, actor: Actor, task: Task): Task {
  checkClaim(deps, actor)
  if (task.holder === undefined) {
    throw new RemitError(
      'input_invalid',
      'a task of a box is held by a key from the start: name its `holder`',
    )
  }
  if (!BOXABLE.has(task.environment)) {
    throw new RemitError(
      'input_invalid',
      `a task in \`${task.environment}\` cannot count as one in a sandbox; take a workflow of another environment, or \`--no-sandbox\``,
    )
  }
  return { ...task, environment: 'sandbox', environmentProved: true }
}

/** Proved by the box that it was made for: such a task is never handed to whoever is not in one. */
export function isBoxed(task: Task): boolean {
  return task.environmentProved && task.environment === 'sandbox' && task.workload === undefined
}

/**
 * Another holder of a task that is to stay proved. Without the proof that it is a box again, none.
 * @throws RemitError `input_invalid`, `scope_wider`.
 */
export function checkBoxedToken(
  deps: Pick<AdministrationDeps, 'noBoxes'>,
  actor: Actor,
  task: Task,
  { holder, release, boxed }: TokenWish,
): void {
  if (boxed === true) {
    checkClaim(deps, actor)
    if (isBoxed(task) && holder !== undefined) return
    throw new RemitError(
      'input_invalid',
      `the task \`${task.id}\` was not made for a box and cannot become one of it; leave \`--task\` out for a new one`,
    )
  }
  if (!isBoxed(task) || (holder === undefined && release !== true)) return
  throw new RemitError(
    'input_invalid',
    `the task \`${task.id}\` is for an agent in a sandbox and goes to no other key; \`remit run --task ${task.id}\` goes on with it, or make a new one`,
  )
}

function checkClaim({ noBoxes }: Pick<AdministrationDeps, 'noBoxes'>, { credential }: Actor): void {
  if (credential !== 'stored') {
    throw new RemitError(
      'scope_wider',
      'that an agent runs in a sandbox is believed of `remit run` with the credential on disk alone',
    )
  }
  const why = noBoxes === undefined ? 'this gateway makes none' : noBoxes()
  if (why === undefined) return
  throw new RemitError(
    'input_invalid',
    `no agent can run in a sandbox on the machine of this gateway: ${why}`,
  )
}
