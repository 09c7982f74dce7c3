import { DELEGATION_PATH } from '../api/agent-endpoint.ts'
import type { ErrorAnswer } from '../api/contract.ts'
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts'
import { RemitError } from '../core/errors.ts'
import { agentPath, findEndpoint, readTaskToken } from './find-endpoint.ts'
import { type HolderPlace, knownHolderKey } from './holder-keys.ts'
import { bearerAccess, TaskAccess } from './task-access.ts'

/**
 * Asks the agent plane for a child of the task whose token is at hand, with a proof of the key that holds it,
 * where one does.
 * @throws RemitError `token_missing`, `key_unusable`, `gateway_unreachable`, and whatever the gateway answers.
 */
export async function delegateTask<Answer>(
  place: HolderPlace,
  { body, signal }: { readonly body: unknown; readonly signal: AbortSignal },
): Promise<Answer> {
  const endpoint = findEndpoint(place)
  const url = new URL(agentPath(endpoint, DELEGATION_PATH))
  const token = readTaskToken(place)
  // What is at hand without a key may be in use as a bearer's elsewhere: to bind it would end that.
  const key = knownHolderKey(place, token)
  const given = async (): Promise<string> => token
  const access = key === undefined ? bearerAccess(given) : new TaskAccess({ endpoint, token: given, key })
  const ask = async (): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        ...(await access.headers('POST', url.href)),
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
      // A redirect would carry the token elsewhere.
      redirect: 'error',
      signal,
    }).catch((cause: unknown) => {
      throw new RemitError('gateway_unreachable', `no gateway answers at \`${url.origin}\``, { cause })
    })
  const first = await ask()
  const again = access.asksForNonce(first.status, (name) => first.headers.get(name) ?? undefined)
  const response = again ? await ask() : first
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
