import { RemitError } from '../core/errors.ts'
import type { TaskId } from '../core/ids.ts'
import type { Task } from '../core/identity.ts'
import type { Clock, Entropy } from '../core/clock.ts'
import type { DoorLimits } from './door-deps.ts'
import type { ClientClaim } from './client-claim.ts'
import { LegacySession } from './legacy-session.ts'

/** Legacy sessions by id. Idle ones go; bounded for each task: the one that was idle longest makes room. */
export class SessionTable {
  readonly #sessions = new Map<string, LegacySession>()
  readonly #clock: Clock
  readonly #entropy: Entropy
  readonly #limits: DoorLimits
  readonly #sweeper: NodeJS.Timeout

  constructor(deps: { clock: Clock; entropy: Entropy; limits: DoorLimits }) {
    this.#clock = deps.clock
    this.#entropy = deps.entropy
    this.#limits = deps.limits
    const pause = Math.max(deps.limits.sessionIdle / 10, 10)
    this.#sweeper = setInterval(() => {
      this.#sweep()
    }, pause)
    this.#sweeper.unref()
  }

  open(task: Task, claim: ClientClaim, endpoint: string): LegacySession {
    const now = this.#clock.now()
    this.#makeRoom(task.id, now)
    const id = Buffer.from(this.#entropy.bytes(24)).toString('base64url')
    const session = new LegacySession({ id, task, claim, endpoint, now })
    this.#sessions.set(id, session)
    return session
  }

  /** @throws RemitError `session_unknown`, also for another task's session: it learns nothing of it. */
  get(id: string, task: TaskId, endpoint: string): LegacySession {
    const session = this.#sessions.get(id)
    const now = this.#clock.now()
    if (session === undefined || session.task !== task || session.endpoint !== endpoint) {
      throw new RemitError('session_unknown', 'this session does not exist; send `initialize` for a new one')
    }
    if (this.#isIdle(session, now)) {
      this.delete(session)
      throw new RemitError('session_unknown', 'this session has expired; send `initialize` for a new one')
    }
    session.lastUsed = now
    return session
  }

  delete(session: LegacySession): void {
    this.#sessions.delete(session.id)
    session.close()
  }

  all(): Iterable<LegacySession> {
    return this.#sessions.values()
  }

  close(): void {
    clearInterval(this.#sweeper)
    for (const session of this.#sessions.values()) session.close()
    this.#sessions.clear()
  }

  #isIdle(session: LegacySession, now: number): boolean {
    const busy = session.stream !== undefined || session.inFlight.size > 0
    return !busy && now - session.lastUsed > this.#limits.sessionIdle
  }

  /** Nobody need begin another session for those to go that nobody uses. */
  #sweep(): void {
    const now = this.#clock.now()
    for (const session of this.#sessions.values()) if (this.#isIdle(session, now)) this.delete(session)
  }

  #makeRoom(task: TaskId, now: number): void {
    const own: LegacySession[] = []
    for (const session of this.#sessions.values()) {
      if (this.#isIdle(session, now)) this.delete(session)
      else if (session.task === task) own.push(session)
    }
    if (own.length < this.#limits.sessionsPerTask) return
    const oldest = own.reduce((a, b) => (a.lastUsed <= b.lastUsed ? a : b))
    this.delete(oldest)
  }
}
