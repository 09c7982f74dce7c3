import * as fc from 'fast-check'
import { RemitError } from '../../src/core/errors.ts'
import type { TaskId } from '../../src/core/ids.ts'
import { BUDGET_KINDS, type Task } from '../../src/core/identity.ts'
import { narrow } from '../../src/core/narrow.ts'
import type { Scope } from '../../src/core/scope.ts'
import type { IssuedTask } from '../../src/gate/administration.ts'
import type { AdministrationDeps } from '../../src/gate/administration-deps.ts'
import { createAdministration } from '../../src/gate/create-administration.ts'
import { createDelegation } from '../../src/gate/delegate.ts'
import { createTaskExchange } from '../../src/gate/exchange-task.ts'
import { GateEvents } from '../../src/gate/gate-events.ts'
import { createHolding } from '../../src/gate/hold-task.ts'
import { identify } from '../../src/gate/identify.ts'
import { createOAuthTasks } from '../../src/gate/oauth-tasks.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import { byAlice, type GateHarness, showing } from '../support/gate-harness.ts'

const MINUTE = 60_000
/** Thumbprints: 32 bytes in Base64url. */
const KEYS = ['A', 'B', 'C'].map((letter) => letter + 'A'.repeat(42))

const place = fc.nat(20)
const key = fc.option(fc.constantFrom(...KEYS), { nil: undefined })
const lifetime = fc.integer({ min: 1, max: 240 }).map((minutes) => minutes * MINUTE)
const scope: fc.Arbitrary<Scope> = fc.constantFrom<Scope>(
  {},
  { paths: ['src/**'] },
  { paths: ['src/*', 'docs/**'] },
  { paths: ['**'] },
  { actions: ['read'] },
  { servers: ['filesystem'], actions: ['*'] },
)
const budget = fc.constantFrom({}, { calls: 5 }, { calls: 50, duration: 20 * MINUTE }, { writes: 1 })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('delegate', 'exchange'),
      at: place,
      scope,
      budget,
      lifetime,
      shown: key,
      holder: key,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renew'), at: place, lifetime }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refresh'), at: place, shown: key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bind'), at: place, shown: key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('give'), at: place, holder: key }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('revoke', 'complete', 'reuse'), at: place }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), minutes: fc.integer({ min: 1, max: 60 }) }) },
)
/** Of a step only what its kind has. */
interface Step {
  readonly do: string
  readonly at?: number
  readonly scope?: Scope
  readonly budget?: Task['budget']
  readonly lifetime?: number
  readonly shown?: string | undefined
  readonly holder?: string | undefined
  readonly minutes?: number
}

/**
 * Whatever sequence of delegating, exchanging, renewing, refreshing, binding, revoking and completing: no task is wider
 * than what it came from or outlives it, no token is good once its task or one above has ended, and nobody holds two
 * tasks of one chain.
 * @returns how often a token was good and how often not, at the ends of sequences, so that a test can say that it tried.
 */
export async function sequencesStayWithin(
  harness: GateHarness,
  runs: number,
): Promise<{ readonly good: number; readonly refused: number }> {
  const seen = { good: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps: readonly Step[]) => {
      const world = new World(harness)
      await world.begin()
      for (const each of steps) {
        await world.take(each)
        await world.check()
      }
      for (const good of await world.present()) seen[good ? 'good' : 'refused'] += 1
    }),
    { numRuns: runs },
  )
  return seen
}

/** One store in which policy lets every task delegate: only what no policy lifts is left to stop it. */
class World {
  readonly #deps: AdministrationDeps
  readonly #use: ReturnType<typeof useCases>
  /** Every token that was ever given. */
  readonly #tokens: IssuedTask[] = []
  readonly #ids: TaskId[] = []
  readonly #ended = new Set<TaskId>()
  #now: number

  constructor(harness: GateHarness) {
    const { deps } = harness
    const store = createMemoryStore()
    this.#now = harness.now
    const policies = { ...harness.policies, decide: () => ALLOWED }
    this.#deps = {
      ...deps,
      tasks: store.tasks,
      approvals: store.approvals,
      grants: store.grants,
      journal: store.journal,
      records: store.records,
      // Whoever listens to the harness's own would be told of every other sequence too.
      events: new GateEvents(),
      clock: { now: () => this.#now, micros: () => 0 },
      policies: { current: () => policies },
      verifier: {
        verify: (token) => {
          const claims = JSON.parse(token ?? '') as { readonly expires: number }
          if (claims.expires > this.#now) return claims as never
          throw new RemitError('token_expired', 'the token has expired')
        },
      },
    }
    this.#use = useCases(this.#deps)
  }

  async begin(): Promise<void> {
    const wish = { workflow: 'fix-tests', intent: 'root', scope: { paths: ['src/**', 'docs/**'] } }
    this.#know(await this.#use.administration.createTask(byAlice, wish))
  }

  async take(step: Step): Promise<void> {
    const at = this.#tokens[(step.at ?? 0) % this.#tokens.length]
    if (at === undefined) throw new Error('no task')
    this.#now += (step.minutes ?? 0) * MINUTE
    const allowed = await this.#isActive(at.task.id)
    try {
      const made = await this.#do(step, at)
      if (made !== undefined) this.#know(made)
    } catch (thrown) {
      if (!(thrown instanceof RemitError)) throw thrown
      return
    }
    if (!allowed && !['wait', 'revoke', 'complete', 'reuse'].includes(step.do))
      throw new Error(`\`${step.do}\` of a task that had ended`)
  }

  async #do(step: Step, { task: { id }, token }: IssuedTask): Promise<IssuedTask | undefined> {
    const { administration, delegation, exchange, holding, oauth } = this.#use
    const presented = { token, ...(step.shown === undefined ? {} : { showing: showing(step.shown) }) }
    const { holder, lifetime: more } = step
    switch (step.do) {
      case 'delegate':
      case 'exchange': {
        const { scope: asked, budget: spent } = step
        const wish = { intent: 'a part', scope: asked, budget: spent, lifetime: more, holder }
        const request = Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined))
        const [how, correlation] = [request as { intent: string }, { requestId: '1' }]
        return step.do === 'delegate'
          ? delegation.delegate(presented, how, correlation)
          : exchange.exchange(presented, how, correlation)
      }
      case 'renew':
        return administration.renewTask(byAlice, id, more)
      case 'refresh': {
        const chain = await oauth.standing(id)
        const held = step.shown === undefined ? chain : await oauth.hold(chain, step.shown)
        return { task: held.task, token: await this.#deps.mintToken(held), url: '' }
      }
      case 'bind':
        return holding.hold(presented)
      case 'give':
        return administration.issueToken(byAlice, id, holder === undefined ? { release: true } : { holder })
      case 'reuse':
        await oauth.end(id, 'a refresh token was used again')
        break
      case 'revoke':
        await administration.revokeTask(byAlice, id, 'enough')
        break
      case 'complete':
        await administration.completeTask(byAlice, id)
        break
      default:
        return undefined
    }
    this.#ended.add(id)
    return undefined
  }

  #know(issued: IssuedTask): void {
    this.#tokens.push(issued)
    if (!this.#ids.includes(issued.task.id)) this.#ids.push(issued.task.id)
  }

  async #task(id: TaskId): Promise<Task> {
    const task = await this.#deps.tasks.get(this.#deps.settings.tenant, id)
    if (task === undefined) throw new Error(`the task ${id} is gone`)
    return task
  }

  /** From the root up, by what was done here and not by what the store says of states. */
  async #isActive(id: TaskId): Promise<boolean> {
    const task = await this.#task(id)
    if (this.#ended.has(id) || task.expires <= this.#now) return false
    return task.parent === undefined || this.#isActive(task.parent)
  }

  async check(): Promise<void> {
    for (const id of this.#ids) {
      const task = await this.#task(id)
      const problem = task.parent === undefined ? undefined : widerThan(task, await this.#task(task.parent))
      if (problem !== undefined) throw new Error(`${id} ${problem}`)
    }
  }

  /** Presents every token with every key and with none. @returns for each whether it was good with one. */
  async present(): Promise<readonly boolean[]> {
    const good: boolean[] = []
    for (const { token } of this.#tokens) {
      let served = false
      for (const shown of [undefined, ...KEYS]) {
        const caller = await this.#identify(token, shown)
        if (caller === undefined) continue
        served = true
        const { task, ancestors } = caller.chain
        if (!(await this.#isActive(task.id)))
          throw new Error(`the token of ${task.id}, which had ended, is good`)
        if (task.holder !== shown) throw new Error(`${task.id} is used by who does not hold it`)
        const keys = [task, ...ancestors].flatMap(({ holder }) => holder ?? [])
        if (new Set(keys).size < keys.length) throw new Error(`who uses ${task.id} delegated it to itself`)
      }
      good.push(served)
    }
    return good
  }

  async #identify(token: string, shown: string | undefined) {
    try {
      return await identify(this.#deps, token, shown === undefined ? undefined : showing(shown))
    } catch (thrown) {
      if (thrown instanceof RemitError) return undefined
      throw thrown
    }
  }
}

const ALLOWED = {
  effect: 'allow',
  reasons: [],
  policies: ['x'],
  gates: [],
  obligations: [],
  errors: [],
} as const

function useCases(deps: AdministrationDeps) {
  const delegation = createDelegation(deps)
  return {
    administration: createAdministration(deps),
    delegation,
    exchange: createTaskExchange(deps, delegation),
    holding: createHolding(deps),
    oauth: createOAuthTasks(deps),
  }
}

/** How a child goes beyond its parent; undefined = it does not. */
function widerThan(child: Task, parent: Task): string | undefined {
  if (child.expires > parent.expires) return 'outlives its parent'
  if (child.human !== parent.human || child.workflow !== parent.workflow)
    return 'has another human or workflow'
  if (child.environment !== parent.environment) return 'runs elsewhere'
  if (BUDGET_KINDS.some((kind) => (child.budget[kind] ?? Infinity) > (parent.budget[kind] ?? Infinity)))
    return 'may spend more than its parent'
  const again = narrow(parent.scope, child.scope)
  const same = 'scope' in again && JSON.stringify(again.scope) === JSON.stringify(child.scope)
  return same ? undefined : 'is wider than its parent'
}
