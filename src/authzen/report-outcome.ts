import { RemitError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import { asResult, PLAIN, settleReported } from '../gate/settle-reported.ts'
import type { AuthzenDoorDeps } from './door-deps.ts'
import type { Exchange } from './exchange.ts'

/**
 * How a permitted evaluation ended, as the application tells it: `{decision, status: "ok" | "error", result?, error?}`.
 * Recorded as reported, once.
 * @returns the result as a model may have it: secrets redacted where policy says so.
 * @throws RemitError `request_invalid`; `not_found` for a decision that is not open here.
 */
export async function reportOutcome(
  deps: AuthzenDoorDeps,
  { caller }: Pick<Exchange, 'caller'>,
  body: JsonObject,
): Promise<JsonObject> {
  const { decision, status, result, error } = body
  if (typeof decision !== 'string') {
    throw new RemitError('request_invalid', '`decision` must be the id in `context.remit.decision`')
  }
  if (status !== 'ok' && status !== 'error') {
    throw new RemitError('request_invalid', '`status` must be `ok` or `error`')
  }
  if (error !== undefined && typeof error !== 'string') {
    throw new RemitError('request_invalid', '`error` must be a text')
  }
  const call = deps.open.take(caller.chain.task.id, decision)
  if (call === undefined) {
    throw new RemitError(
      'not_found',
      `no permitted evaluation of this task waits for its outcome under \`${decision}\`: it ended, or another replica permitted it`,
    )
  }
  const shown = await settleReported(deps, call, {
    ...(result === undefined ? {} : { result: asResult(result) }),
    ...(status === 'ok' ? {} : { failure: error ?? 'the application says that it failed' }),
  })
  return {
    decision,
    recorded: true,
    ...(shown === undefined ? {} : { result: isJsonObject(result) ? shown : (shown[PLAIN] ?? null) }),
  }
}
