import { RemitError } from '../core/errors.ts'
import type { AgentAdapter } from './agent-adapter.ts'
import type { HookAnswer } from './answer-hook.ts'
import type { HookEvent } from './hook-event.ts'

/** The conversation in which `remit doctor` calls a hook, to see that a no holds. No agent has one of that name. */
export const CANARY_SESSION = 'remit-doctor-canary'
/** In the reason, so that this no is told from all others. */
export const CANARY_WORDS = 'the canary of `remit doctor` was refused, as it is to be'

/**
 * The answer to a canary: before a tool always no, whatever the tool, so that nothing runs by it; at a beginning nothing. None
 * of it is a call or a sign of life of an agent, so it is neither decided, recorded, counted nor a heartbeat.
 * @returns undefined = it is none.
 */
export function answerCanary(adapter: AgentAdapter, event: HookEvent): HookAnswer | undefined {
  if (event.session !== CANARY_SESSION) return undefined
  if (event.moment === 'start') return { refused: false, json: undefined }
  if (event.moment !== 'before') return undefined
  const error = new RemitError('call_denied', CANARY_WORDS)
  return { refused: true, json: adapter.deny(event, error.message), error }
}
