import { DELEGATION_PATH } from '../api/delegation-endpoint.ts'
import type { ErrorAnswer } from '../api/contract.ts'
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts'
import { RemitError } from '../core/errors.ts'
import { type AgentPlace, findEndpoint, readTaskToken } from './find-endpoint.ts'

/**
 * Asks the agent plane for a child of the task whose token is at hand.
 * @throws RemitError `token_missing`, `gateway_unreachable`, and whatever the gateway answers.
 */
export async function delegateTask<Answer>(
  place: AgentPlace,
  { body, signal }: { readonly body: unknown; readonly signal: AbortSignal },
): Promise<Answer> {
  // Beside the MCP endpoint, which may lie below the path of a tenant.
  const url = new URL(findEndpoint(place).replace(/\/(?:mcp(?:\/[^/]*)?)?$/, '') + DELEGATION_PATH)
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${readTaskToken(place)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
    // A redirect would carry the token elsewhere.
    redirect: 'error',
    signal,
  }).catch((cause: unknown) => {
    throw new RemitError('gateway_unreachable', `no gateway answers at \`${url.origin}\``, { cause })
  })
  const answer = (await response.json().catch(() => undefined)) as Answer | ErrorAnswer | undefined
  if (response.ok && answer !== undefined) return answer as Answer
  const { code, message } = (answer as ErrorAnswer | undefined)?.error ?? {}
  if (code !== undefined && message !== undefined && Object.hasOwn(ERROR_CODES, code)) {
    throw new RemitError(code as ErrorCode, message)
  }
  throw new RemitError(
    'gateway_unreachable',
    `\`${url.origin}\` answered ${response.status} and not as a gateway does`,
  )
}
