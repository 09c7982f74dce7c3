import { canonicalJson } from '../core/canonical-json.ts'
import { asRemitError, RemitError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import type { HookAnswer } from './answer-hook.ts'
import type { Deferrals } from './deferrals.ts'
import type { BeforeEvent, HookEvent } from './hook-event.ts'
import type { HookExchange } from './hook-exchange.ts'
import { keyOfUse } from './key-of-use.ts'

/** Milliseconds for which a second hook outlasts the longest wait of the first. */
const GRACE = 10_000

/**
 * Decides as usual; where a human is waited for and a second hook stands by, the agent is told to end its run and to come
 * back. Only of the agent itself: a sub-agent cannot be gone on with.
 * @throws what `decide` throws, for everything else.
 */
export async function decideOrDefer(
  deferrals: Deferrals,
  exchange: HookExchange,
  event: BeforeEvent,
  decide: () => Promise<JsonObject | undefined>,
): Promise<HookAnswer> {
  const { defer } = exchange.adapter
  if (defer === undefined || event.tool.use === undefined) return { refused: false, json: await decide() }
  const use = useOf(exchange, event)
  let deferred = false
  try {
    return { refused: false, json: await decide() }
  } catch (thrown) {
    const { code, message } = asRemitError(thrown)
    deferred = code === 'approval_pending' && event.subAgent === undefined && deferrals.isGuarded(use)
    if (!deferred) throw thrown
    return { refused: false, json: defer(event, message) }
  } finally {
    deferrals.conclude(use, deferred)
  }
}

/**
 * The second hook: says nothing but where the first deferred, and then what makes the agent refuse the tool, should it go
 * on with it all the same.
 * @param ask that answer. @param hold milliseconds for which the first waits at most.
 * @throws RemitError `request_invalid` where the first never came to an end.
 */
export async function standBy(
  deferrals: Deferrals,
  exchange: HookExchange,
  event: HookEvent,
  { ask, hold }: { readonly ask: (event: BeforeEvent) => JsonObject; readonly hold: number },
): Promise<HookAnswer> {
  if (event.moment !== 'before') return { refused: false, json: undefined }
  const patience = AbortSignal.any([exchange.signal, AbortSignal.timeout(hold + GRACE)])
  const deferred = await deferrals.conclusion(useOf(exchange, event), patience)
  if (deferred === undefined)
    throw new RemitError('request_invalid', 'the hook that decides about this tool was not heard')
  return { refused: false, json: deferred ? ask(event) : undefined }
}

function useOf({ adapter, caller }: HookExchange, event: BeforeEvent): string {
  return canonicalJson([caller.chain.task.id, keyOfUse(adapter, event)])
}
