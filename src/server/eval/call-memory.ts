import type { Obligation } from '../../core/decision.ts'
import type { ApprovalId } from '../../core/ids.ts'
import type { ToolCall } from '../../core/tool-call.ts'
import { BoundedMap } from './bounded-map.ts'

/** A call that later lines may refer to. */
export interface RememberedCall {
  /** Whether its result may hold text of others. */
  readonly untrusted: boolean
  /** What policy wants done with its result. */
  readonly obligations: readonly Obligation[]
  /** While a human may still answer. */
  readonly waiting?: { readonly call: ToolCall; readonly approval: ApprovalId }
}

const MOST_CALLS = 10_000
/** Bytes of lines whose calls are kept whole because they wait. */
const MOST_BYTES = 32 * 1_048_576

/** The calls that a result, an approval or a refusal may still name; the oldest are forgotten. */
export class CallMemory {
  readonly #calls = new BoundedMap<RememberedCall>({ count: MOST_CALLS, weight: MOST_BYTES })

  get(session: string, id: string): RememberedCall | undefined {
    return this.#calls.get(keyOf(session, id))
  }

  /** @param size bytes that keeping the call takes. */
  set(
    call: { readonly session: string; readonly id: string },
    remembered: RememberedCall,
    size: number,
  ): void {
    this.#calls.set(keyOf(call.session, call.id), remembered, remembered.waiting === undefined ? 0 : size)
  }
}

function keyOf(session: string, id: string): string {
  return `${session.length} ${session} ${id}`
}
