import type { Journal } from '../../audit/journal.ts'
import type { UnitOfWork } from '../../core/change.ts'
import type { Log } from '../../core/log.ts'

/** Writes what is known of agents, one unit after the other, so that the latest stands. */
export class FleetWriter {
  readonly #journal: Journal
  readonly #log: Log
  #turn: Promise<void> = Promise.resolve()

  constructor({ journal, log }: { readonly journal: Journal; readonly log: Log }) {
    this.#journal = journal
    this.#log = log
  }

  /** Nobody waits for it. @param failed what was not written is to be tried again the next time. */
  beside(unit: UnitOfWork, failed?: () => void): void {
    this.#turn = this.#after(this.#turn, unit).catch((thrown: unknown) => {
      failed?.()
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      this.#log.log('warn', 'fleet.not_written', { reason })
    })
  }

  /** A conflict is no failure: another replica told it. */
  async #after(others: Promise<void>, unit: UnitOfWork): Promise<void> {
    await others
    await this.#journal.commit(unit, 'soon')
  }

  /** In its turn. @throws RemitError `ledger_unavailable`, `ledger_busy`. */
  async inTurn<Result>(work: (journal: Journal) => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(() => work(this.#journal))
    this.#turn = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }

  /** Resolves when everything that was to be written is, or could not be. */
  idle(): Promise<void> {
    return this.#turn
  }
}
