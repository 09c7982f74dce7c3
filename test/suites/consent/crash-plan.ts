import type { UnitOfWork } from '../../../src/core/change.ts'
import type { Approval } from '../../../src/core/approval.ts'
import type { Journal } from '../../../src/audit/journal.ts'
import type { Scenario } from './scenarios.ts'

/** What never comes: of a process that is dead nothing more happens. */
const NOTHING = new Promise<never>(() => {})

/** Kills one replica, the first that comes to the state in which the scenario wants it dead. */
export class CrashPlan {
  #due: Scenario['killed']
  readonly #asked = Promise.withResolvers<Approval>()

  constructor(due: Scenario['killed']) {
    this.#due = due
  }

  /** The first request for consent, as soon as it is durable. */
  get asked(): Promise<Approval> {
    return this.#asked.promise
  }

  tellAsked(approval: Approval): void {
    this.#asked.resolve(approval)
  }

  /** True once, for who is to die of it. */
  take(state: Scenario['killed']): boolean {
    if (this.#due !== state) return false
    this.#due = 'never'
    return true
  }
}

/** A process, as far as its store can tell. */
export class Life {
  over = false
  readonly #ended = Promise.withResolvers<void>()
  readonly plan: CrashPlan
  /** Cuts its connections. */
  onEnd: () => void = () => {}

  constructor(plan: CrashPlan) {
    this.plan = plan
  }

  get ended(): Promise<void> {
    return this.#ended.promise
  }

  end(): void {
    if (this.over) return
    this.over = true
    this.onEnd()
    this.#ended.resolve()
  }

  /** A part of a store, which answers nobody who is dead. */
  lend<Part extends object>(part: Part): Part {
    return new Proxy(part, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key)
        if (typeof member !== 'function') return member
        return (...given: readonly unknown[]): unknown => {
          if (this.over) return NOTHING
          const answer: unknown = Reflect.apply(member, target, given)
          return answer instanceof Promise ? this.#whileAlive(answer) : answer
        }
      },
    })
  }

  /** Dies where it is planned: just before an approval is used, or when that is durable and nobody knows. */
  lendJournal(journal: Journal): Journal {
    return {
      commit: async (unit, urgency) => {
        const takes = unit.changes.some(
          (one) => one.kind === 'update-approval' && one.approval.state === 'used',
        )
        if (takes && this.plan.take('granted')) this.end()
        if (this.over) return NOTHING
        const outcome = await journal.commit(unit, urgency)
        if (outcome === 'committed') this.#tell(unit)
        if (takes && outcome === 'committed' && this.plan.take('used')) this.end()
        return this.over ? NOTHING : outcome
      },
    }
  }

  #tell(unit: UnitOfWork): void {
    for (const change of unit.changes) {
      if (change.kind === 'insert-approval') this.plan.tellAsked(change.approval)
    }
  }

  #whileAlive(answer: Promise<unknown>): Promise<unknown> {
    return answer.then(
      (value: unknown) => (this.over ? NOTHING : value),
      (thrown: unknown) => (this.over ? NOTHING : Promise.reject(thrown as Error)),
    )
  }
}
