import type { IssuedTaskAnswer } from '../api/contract.ts'
import { ERROR_CODES, type ErrorCode } from '../core/error-codes.ts'
import { RemitError } from '../core/errors.ts'
import type { HolderKey } from '../identity/holder-key.ts'
import { findEndpoint } from './find-endpoint.ts'
import { namedHolderKey } from './holder-keys.ts'
import { readWorkloadToken, type WorkloadPlace } from './workload-token.ts'

/** What the token endpoint is told beside the token. */
export interface WorkloadWish {
  readonly intent: string
  readonly workflow?: string | undefined
  readonly workload?: string | undefined
  /** As in `POST /delegate`. */
  readonly task: object
}

/**
 * Exchanges the workload token at hand for a task (RFC 8693).
 * @throws RemitError `token_missing`, `key_unusable`, `gateway_unreachable`, and whatever the gateway answers.
 */
export async function requestWorkloadTask(
  place: WorkloadPlace,
  { wish, signal }: { readonly wish: WorkloadWish; readonly signal: AbortSignal },
): Promise<IssuedTaskAnswer> {
  // Beside the MCP endpoint, which may lie below the path of a tenant.
  const endpoint = new URL(`${findEndpoint(place).replace(/\/(?:mcp(?:\/[^/]*)?)?$/, '')}/oauth/token`)
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: readWorkloadToken(place),
    intent: wish.intent,
    task: JSON.stringify(wish.task),
    ...(wish.workflow === undefined ? {} : { workflow: wish.workflow }),
    ...(wish.workload === undefined ? {} : { workload: wish.workload }),
  })
  const response = await postHeld(endpoint, namedHolderKey(place), { body, signal })
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>
  const { access_token: token, task, url, code, error_description: message } = answer
  if (response.ok && typeof token === 'string' && typeof url === 'string')
    return { task: task as IssuedTaskAnswer['task'], token, url }
  if (typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)) {
    throw new RemitError(code as ErrorCode, String(message))
  }
  throw new RemitError(
    'gateway_unreachable',
    `\`${endpoint.origin}\` answered ${response.status} and not as a gateway does that knows workloads: see \`workloads\` in its remit.yaml`,
  )
}

/** With a proof of the key where there is one. @throws RemitError `gateway_unreachable`. */
async function postHeld(
  url: URL,
  key: HolderKey | undefined,
  of: { readonly body: URLSearchParams; readonly signal: AbortSignal },
): Promise<Response> {
  const ask = async (nonce?: string): Promise<Response> => {
    const proof = key?.prove({ method: 'POST', url: url.href, now: Date.now(), nonce })
    const headers: Record<string, string> = proof === undefined ? {} : { dpop: proof }
    // A redirect would carry the token elsewhere.
    return fetch(url, { method: 'POST', headers, redirect: 'error', ...of }).catch((cause: unknown) => {
      throw new RemitError('gateway_unreachable', `no gateway answers at \`${url.origin}\``, { cause })
    })
  }
  const first = await ask()
  const nonce = first.headers.get('dpop-nonce')
  if (first.ok || nonce === null || key === undefined) return first
  // Nothing was done, and the workload's token is as good as before (RFC 9449 §8).
  await first.body?.cancel()
  return ask(nonce)
}
