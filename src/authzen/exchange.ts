import type { Caller } from '../gate/gate.ts'

/** One request of an application that waits for its answer. */
export interface Exchange {
  readonly caller: Caller
  /** The application's own id of the request (`X-Request-ID`); absent = it gives none. */
  readonly requestId?: string
  readonly traceparent?: string
  /** Milliseconds that it wants to wait for an approval (`Prefer: wait`), never more than the door holds. */
  readonly hold: number
  /** Aborts when the application no longer waits. */
  readonly signal: AbortSignal
}
