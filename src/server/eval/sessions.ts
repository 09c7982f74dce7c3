import { NOTHING_STOPPED } from '../../core/standing.ts'
import { RemitError } from '../../core/errors.ts'
import { newId, type HumanId, type TaskId } from '../../core/ids.ts'
import type { Budget, Human, Task, TaskChain } from '../../core/identity.ts'
import type { Caller } from '../../gate/gate.ts'
import { makeTask } from '../../identity/make-task.ts'
import type { WorkflowTemplate } from '../../identity/workflow.ts'
import { BoundedMap } from './bounded-map.ts'
import type { Evaluation } from './compose-evaluation.ts'
import type { LineOf, TaskWish } from './input-line.ts'

/** Sessions that are kept; the one named longest ago is over when another is opened. */
const MOST_SESSIONS = 20_000
/** Lifetime of a task opened before the stream said what time it is: longer than any stream. */
const NO_END = 100 * 365 * 86_400_000

/** A kind of work that the configuration does not have: its defaults, and no limits of its own. */
const OTHER_WORKFLOW: WorkflowTemplate = {
  scope: {},
  environment: 'laptop',
  lifetime: 2 * 3_600_000,
  maxLifetime: 12 * 3_600_000,
  budget: {},
}

/** One opened task. */
export interface Session {
  readonly chain: TaskChain
  readonly human: Human
  readonly sandboxed: boolean | undefined
  readonly holderBound: boolean
  readonly hooked: boolean
  readonly parent: string | undefined
}

export class Sessions {
  readonly #evaluation: Evaluation
  readonly #open: BoundedMap<Session>

  constructor(evaluation: Evaluation) {
    this.#evaluation = evaluation
    this.#open = new BoundedMap({ count: MOST_SESSIONS }, ({ chain }) => {
      evaluation.store.forget(chain.task.id)
    })
  }

  /** @throws RemitError `session_unknown` for a parent that is not open, and what `makeTask` throws. */
  async open({ open: id, task: wish, prompt }: LineOf<'open'>): Promise<void> {
    const { store } = this.#evaluation
    const parent = wish.parent === undefined ? undefined : this.get(wish.parent)
    const human = this.#humanOf(wish, parent)
    const task = this.#make(wish, { parent, human, intent: wish.intent ?? prompt })
    const before = this.#open.get(id)
    if (before !== undefined) store.forget(before.chain.task.id)
    await store.journal.commit({ records: [], changes: [{ kind: 'insert-task', task }] })
    this.#open.set(id, {
      chain: {
        task,
        ancestors: parent === undefined ? [] : [parent.chain.task, ...parent.chain.ancestors],
      },
      human,
      sandboxed: wish.sandboxed ?? parent?.sandboxed,
      // As `remit connect` and DPoP clients come; a case says so where it does not.
      holderBound: wish.holderBound ?? parent?.holderBound ?? true,
      hooked: wish.hooked ?? parent?.hooked ?? false,
      parent: wish.parent,
    })
  }

  /** @throws RemitError `session_unknown`. */
  get(id: string): Session {
    const session = this.#open.get(id)
    if (session === undefined) {
      throw new RemitError(
        'session_unknown',
        `no session \`${id}\` is open; open it with a line \`{"open": …}\``,
      )
    }
    // The facts of a tree are its root's: ancestors are in use while a session below them is.
    for (let up = session.parent; up !== undefined; up = this.#open.get(up)?.parent) this.#open.get(up)
    return session
  }

  callerOf(session: Session): Caller {
    const { chain, human, sandboxed, holderBound, hooked } = session
    return {
      chain,
      human,
      holderBound,
      hooked,
      standing: NOTHING_STOPPED,
      identifiedAt: this.#evaluation.clock.now(),
      until: Infinity,
      ...(sandboxed === undefined ? {} : { sandboxed }),
    }
  }

  #make(
    wish: TaskWish,
    given: {
      readonly parent: Session | undefined
      readonly human: Human
      readonly intent: string | undefined
    },
  ): Task {
    const { clock, deps, defaultWorkflow } = this.#evaluation
    const parent = given.parent?.chain.task
    const agent = wish.agent ?? parent?.agent.id ?? 'unnamed'
    const workflow = wish.workflow ?? parent?.workflow ?? defaultWorkflow
    const task = makeTask(
      {
        workflow,
        intent: clip(given.intent ?? parent?.intent ?? ''),
        agent: { id: agent, kind: agent },
        ...(wish.scope === undefined ? {} : { scope: definedOf(wish.scope) }),
        ...(wish.environment === undefined ? {} : { environment: wish.environment }),
        ...(parent === undefined ? { workspace: this.#evaluation.workspace } : {}),
        ...(wish.budget === undefined ? {} : { budget: definedOf(wish.budget) satisfies Budget }),
      },
      {
        template: deps.workflows.get(workflow) ?? OTHER_WORKFLOW,
        human: given.human.id,
        tenant: deps.settings.tenant,
        id: newId('tsk', deps.entropy.bytes(16)) as TaskId,
        now: clock.now(),
        origin: 'evaluation',
        ...(parent === undefined ? {} : { parent }),
      },
    )
    const expires = clock.isSet ? task.expires : clock.now() + NO_END
    return { ...task, expires, environmentProved: true }
  }

  #humanOf({ human, teams }: TaskWish, parent: Session | undefined): Human {
    const { deps, people, defaultHuman } = this.#evaluation
    if (human === undefined) {
      const base = parent?.human ?? defaultHuman
      return teams === undefined ? base : { ...base, teams }
    }
    const id = human as HumanId
    const { tenant } = deps.settings
    const known = parent?.human.id === id ? parent.human : people.configured.find(tenant, id)
    return { tenant, id, teams: teams ?? known?.teams ?? [], roles: known?.roles ?? [] }
  }
}

const MAX_INTENT = 2_000

function clip(intent: string): string {
  const text = intent.trim().slice(0, MAX_INTENT).toWellFormed()
  return text === '' ? 'not stated' : text
}

/** Without members that are undefined: an absent limit and an undefined one must not differ. */
function definedOf<Value extends object>(
  value: Value,
): { [K in keyof Value]?: Exclude<Value[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}
