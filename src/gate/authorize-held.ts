import type { ToolCall } from '../core/tool-call.ts'
import type { Caller, Gate, Verdict } from './gate.ts'

/**
 * Decides a call, and where a human must agree first, waits for them at most `hold` milliseconds: still `consent` then,
 * and the same call asks again.
 * @throws what `authorize` throws; the reason of `signal` when nobody waits any more.
 */
export async function authorizeHeld(
  gate: Pick<Gate, 'authorize' | 'awaitApproval'>,
  { caller, call }: { readonly caller: Caller; readonly call: ToolCall },
  { hold, signal }: { readonly hold: number; readonly signal: AbortSignal },
): Promise<Verdict> {
  const first = await gate.authorize(caller, call, signal)
  if (first.effect !== 'consent' || hold === 0) return first
  const approval = await gate.awaitApproval(caller, first.approval.id, { timeout: hold, signal })
  signal.throwIfAborted()
  return approval.state === 'pending' ? first : gate.authorize(caller, call, signal)
}
