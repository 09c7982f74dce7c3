import { RemitError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Shown } from '../../core/showing.ts'
import type { DoorContext } from '../door-context.ts'
import type { Exchange } from '../exchange.ts'
import { keptMeta } from '../wire/strip-meta.ts'
import type { OpenRun } from '../forward-call.ts'
import { screenedError } from '../screened-error.ts'
import type { Asker } from '../server-question.ts'
import { UpstreamRpcError } from '../upstream.ts'
import { showResult } from './show-result.ts'
import { TaskQuestions } from './task-questions.ts'
import { hasEnded, type SeenTask, type TaskState } from './task-shape.ts'
import type { UpstreamTask } from './upstream-task.ts'

/** A task as its client may see it. */
export interface ShownTask {
  readonly state: TaskState
  readonly inputRequests?: JsonObject
  readonly result?: JsonObject
  readonly error?: { readonly code: number; readonly message: string }
}

const STOPPED = 'its server, or whoever it was done for, was stopped by a human'

/** A call that became a task: decided once when it was made, settled once when the task ends. */
export class OpenTask {
  /** The id by which its client knows it. */
  readonly id: string
  readonly run: OpenRun
  /** Token that it was begun with: good as long as the task may go on. */
  readonly token: string | undefined
  /** The key of the token, shown when it began; undefined = it has none. */
  readonly shown: Shown | undefined
  /** Milliseconds since the epoch at which it is given up and forgotten. */
  readonly deadline: number
  readonly #door: DoorContext
  readonly #upstream: UpstreamTask
  readonly #naming: Exchange['naming']
  readonly #questions: TaskQuestions
  #state: TaskState
  #end: ShownTask | undefined
  #cancelled = false
  readonly #forgetStop: () => void
  #turn: Promise<unknown> = Promise.resolve()
  readonly #listeners = new Set<() => void>()

  constructor(
    door: DoorContext,
    of: {
      id: string
      run: OpenRun
      naming: Exchange['naming']
      token: string | undefined
      shown: Shown | undefined
      upstream: UpstreamTask
      state: TaskState
      deadline: number
    },
  ) {
    this.#door = door
    this.id = of.id
    this.run = of.run
    this.token = of.token
    this.shown = of.shown
    this.deadline = of.deadline
    this.#naming = of.naming
    this.#upstream = of.upstream
    this.#questions = new TaskQuestions(door, of.run.allowed)
    this.#state = this.#screened(of.state)
    const { stopped } = of.run.allowed.verdict
    const stop = (): void => void this.giveUp('cancelled', STOPPED)
    this.#forgetStop = () => stopped.removeEventListener('abort', stop)
    if (stopped.aborted) stop()
    else stopped.addEventListener('abort', stop, { once: true })
  }

  get ended(): boolean {
    return this.#end !== undefined
  }

  /** As last seen. */
  get state(): TaskState {
    return this.#end?.state ?? this.#state
  }

  /** As a client would be shown it that asks without looking. */
  get last(): ShownTask {
    return this.#shown()
  }

  /** Calls whenever another status is learnt, whoever looked; returns the unsubscriber. */
  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Characters of the result that is kept for the client. */
  get size(): number {
    return this.#end?.result === undefined ? 0 : JSON.stringify(this.#end.result).length
  }

  /**
   * Asks the server, and mediates what it asks back.
   * @throws what the session throws: the task may still run, and nothing is settled.
   */
  look(exchange: Exchange, ask: Asker | undefined): Promise<ShownTask> {
    return this.#inTurn(async () => {
      const seen = await this.#see(exchange.signal)
      if (seen === undefined || seen.inputRequests === undefined) return this.#shown()
      try {
        const { relayed, responses } = await this.#questions.mediate(exchange, seen.inputRequests, ask)
        if (Object.keys(responses).length > 0) await this.#upstream.respond(responses)
        return Object.keys(relayed).length === 0
          ? this.#shown()
          : { state: this.#state, inputRequests: relayed }
      } catch (thrown) {
        if (exchange.signal.aborted) throw thrown
        this.#refuse(thrown)
        return this.#shown()
      }
    })
  }

  /** Brings the client's answers; what was not asked, or was answered, is left out. */
  respond(responses: JsonObject): Promise<void> {
    return this.#inTurn(async () => {
      if (this.ended) return
      const asked = this.#questions.take(responses)
      if (Object.keys(asked).length > 0) await this.#upstream.respond(asked)
    })
  }

  /** Asks the server to stop; how it ends the next look tells. */
  cancel(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.ended) return
      await this.#upstream.cancel()
      this.#cancelled = true
    })
  }

  /** Beside the client's own looks: ends soon what has ended, and keeps its server's session from falling idle. */
  async check(signal: AbortSignal): Promise<void> {
    await this.#inTurn(() => this.#see(signal))
  }

  /** The task's time is over, or its token is no longer good. */
  async giveUp(status: 'cancelled' | 'unknown', why: string): Promise<void> {
    if (this.ended) return
    this.#finish({ state: { ...this.#state, status: 'cancelled', statusMessage: why } })
    this.run.settlement.settle({ status, error: why }, 0)
    // The server may not be there any more, and then nothing is left to cancel.
    await this.#upstream.cancel().catch(() => {})
  }

  /** The call was answered at once, though its client wanted a task. */
  complete(result: JsonObject): Promise<void> {
    return this.#conclude({ id: '', state: { ...this.#state, status: 'completed' }, result })
  }

  async #see(signal: AbortSignal): Promise<SeenTask | undefined> {
    if (this.ended) return undefined
    try {
      const seen = await this.#upstream.look(signal)
      // It may have been stopped while its server was asked; how it ended then is on record.
      if (this.ended) return undefined
      if (hasEnded(seen.state)) await this.#conclude(seen)
      else this.#saw(this.#screened(seen.state))
      return seen
    } catch (thrown) {
      if (!(thrown instanceof UpstreamRpcError) || thrown.rpcCode !== -32602) throw thrown
      this.#lost()
      return undefined
    }
  }

  #saw(state: TaskState): void {
    const known = this.#state
    this.#state = state
    if (state.status !== known.status || state.statusMessage !== known.statusMessage) this.#tellChange()
  }

  #tellChange(): void {
    for (const listener of this.#listeners) listener()
  }

  async #conclude(seen: SeenTask): Promise<void> {
    const { settlement, allowed } = this.run
    const { decisionId } = allowed.verdict
    const state = this.#screened(seen.state)
    if (state.status === 'cancelled') {
      this.#finish({ state })
      settlement.settle({ status: 'cancelled' }, 0)
    } else if (state.status === 'failed') {
      const { code, message } = seen.error ?? {}
      const known = typeof code === 'number' && Number.isSafeInteger(code) ? code : -32603
      const failure = new UpstreamRpcError(known, typeof message === 'string' ? message : 'the task failed')
      const told = screenedError(this.#door.deps.gate, decisionId, failure) as UpstreamRpcError
      settlement.failed(failure, false)
      this.#finish({ state, error: { code: told.rpcCode, message: told.message } })
    } else {
      const result = seen.result ?? {}
      const shown = await showResult(this.#door, { allowed, naming: this.#naming, result })
      if (this.ended) return
      const status = result['isError'] === true ? 'error' : 'ok'
      settlement.settle({ status, result }, JSON.stringify(shown).length)
      this.#finish({
        state,
        result: { ...shown, _meta: { ...keptMeta(shown), 'remit/decision': decisionId } },
      })
    }
  }

  /** The server knows the task no more: whether it acted is not known, unless it was asked to stop. */
  #lost(): void {
    const statusMessage = this.#cancelled
      ? 'the task was cancelled'
      : 'the server does not know the task any more; whether it acted is unknown'
    const status = this.#cancelled ? 'cancelled' : 'failed'
    const error = { code: -32603, message: statusMessage }
    this.#finish({ state: { ...this.#state, status, statusMessage }, ...(this.#cancelled ? {} : { error }) })
    this.run.settlement.settle(
      this.#cancelled ? { status: 'cancelled' } : { status: 'unknown', error: 'upstream_lost' },
      0,
    )
  }

  /** What the server asks is refused, so the task cannot go on: as for a call that is answered at once. */
  #refuse(thrown: unknown): void {
    const refused = thrown instanceof RemitError || thrown instanceof UpstreamRpcError
    const message = refused ? thrown.message : 'the gateway could not answer what the server asks'
    this.#finish({
      state: { ...this.#state, status: 'failed', statusMessage: message },
      error: { code: -32603, message },
    })
    this.run.settlement.settle({ status: 'error', error: 'upstream_interactive' }, 0)
    this.#upstream.cancel().catch(() => {})
  }

  #finish(end: ShownTask): void {
    const lastUpdatedAt = new Date(this.#door.deps.clock.now()).toISOString()
    this.#end = { ...end, state: { ...end.state, lastUpdatedAt } }
    this.#forgetStop()
    this.#questions.close()
    this.#upstream.close()
    this.#tellChange()
  }

  #shown(): ShownTask {
    if (this.#end !== undefined) return this.#end
    // What cannot be answered on this request is not shown as if it could.
    return { state: { ...this.#state, status: 'working' } }
  }

  #screened(state: TaskState): TaskState {
    const { ttl, statusMessage, ...rest } = state
    const life = this.#door.limits.taskLife
    const told = statusMessage === undefined ? undefined : this.#screen(statusMessage)
    return {
      ...rest,
      ...(told === undefined ? {} : { statusMessage: told }),
      ttl: Math.min(ttl ?? life, life),
    }
  }

  #screen(statusMessage: string): string | undefined {
    const told = this.#door.deps.gate.screen(this.run.allowed.verdict.decisionId, { statusMessage })
    const text = told?.['statusMessage']
    return typeof text === 'string' ? text : undefined
  }

  /** One after the other, so that a task ends once and each question is decided once. */
  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }
}
