import type { TaskId } from '../../core/ids.ts'
import type { Clock } from '../../core/clock.ts'
import type { DoorLimits } from '../door-deps.ts'
import type { Caller, Gate } from '../../gate/gate.ts'
import { lookAtEnd } from '../end-timer.ts'
import type { OpenTask } from './open-task.ts'

/** Characters of results that are kept for the clients of one Remit task. */
const KEPT = 32 * 1024 * 1024

interface Entry {
  readonly owner: TaskId
  readonly endpoint: string
  readonly task: OpenTask
}

/**
 * Tasks of this process, by the id that the client knows. After a restart they are gone: the outcome of their calls is
 * on record as unknown, and what their servers made of them is for a human to look at.
 */
export class OpenTasks {
  readonly #entries = new Map<string, Entry>()
  /** When the Remit task of each may not go on, unless it was renewed. */
  readonly #ends = new Map<string, NodeJS.Timeout>()
  readonly #gate: Gate
  readonly #clock: Clock
  readonly #limits: DoorLimits
  readonly #stop: () => void
  readonly #beat: NodeJS.Timeout

  constructor(deps: { readonly gate: Gate; readonly clock: Clock; readonly limits: DoorLimits }) {
    this.#gate = deps.gate
    this.#clock = deps.clock
    this.#limits = deps.limits
    this.#stop = deps.gate.onAuthorityEnded(() => void this.#each((task) => this.#recheck(task)))
    this.#beat = setInterval(() => void this.#each((task) => this.#sweep(task)), deps.limits.taskBeat)
    this.#beat.unref()
  }

  /** Whether this Remit task may have another one. */
  mayOpen(owner: TaskId): boolean {
    const open = this.of(owner).filter(({ task }) => !task.ended)
    return open.length < this.#limits.tasksPerTask
  }

  add(caller: Caller, endpoint: string, task: OpenTask): void {
    const owner = caller.chain.task.id
    this.#entries.set(task.id, { owner, endpoint, task })
    if (!task.ended) this.#endAt(task, caller)
    this.#makeRoom(owner)
  }

  get(id: string): OpenTask | undefined {
    return this.#entries.get(id)?.task
  }

  /** Tasks of one Remit task, oldest first. */
  of(owner: TaskId, endpoint?: string): readonly Entry[] {
    return [...this.#entries.values()].filter(
      (entry) => entry.owner === owner && (endpoint === undefined || entry.endpoint === endpoint),
    )
  }

  close(): void {
    this.#stop()
    clearInterval(this.#beat)
    for (const timer of this.#ends.values()) clearTimeout(timer)
    this.#ends.clear()
    this.#entries.clear()
  }

  /** The oldest that have ended make room, the newest never. */
  #makeRoom(owner: TaskId): void {
    const ended = this.of(owner).filter(({ task }) => task.ended)
    let kept = ended.reduce((sum, { task }) => sum + task.size, 0)
    for (const [index, { task }] of ended.slice(0, -1).entries()) {
      if (kept <= KEPT && ended.length - index <= this.#limits.tasksPerTask) return
      kept -= task.size
      this.#forget(task)
    }
  }

  async #each(work: (task: OpenTask) => Promise<void>): Promise<void> {
    await Promise.allSettled([...this.#entries.values()].map(({ task }) => work(task)))
  }

  async #sweep(task: OpenTask): Promise<void> {
    const late = this.#clock.now() >= task.deadline
    if (!task.ended) {
      await this.#recheck(task)
      await task.check(AbortSignal.timeout(this.#limits.taskBeat)).catch(() => {})
      if (late) await task.giveUp('unknown', 'its time is over')
    }
    if (late) this.#forget(task)
    else if (task.ended) this.#makeRoom(this.#entries.get(task.id)?.owner ?? ('' as TaskId))
  }

  #forget({ id }: OpenTask): void {
    this.#entries.delete(id)
    clearTimeout(this.#ends.get(id))
    this.#ends.delete(id)
  }

  #endAt(task: OpenTask, { until }: Caller): void {
    clearTimeout(this.#ends.get(task.id))
    // It may have been forgotten while its token was looked at.
    if (!this.#entries.has(task.id)) return
    const timer = lookAtEnd(this.#clock, until, () => void this.#recheck(task))
    this.#ends.set(task.id, timer)
  }

  /** A revoked or expired Remit task takes its tasks at servers with it. */
  async #recheck(task: OpenTask): Promise<void> {
    if (task.ended) return
    try {
      this.#endAt(task, await this.#gate.identify(task.token, task.shown))
    } catch {
      await task.giveUp('cancelled', 'the task that it belongs to was revoked or has expired')
    }
  }
}
