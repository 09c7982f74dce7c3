import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { Showing } from '../core/showing.ts'
import { TOKEN_PATH } from './token-grant.ts'

/**
 * How a request to the token endpoint shows a key (RFC 9449 §5); undefined = it shows none.
 * @param publicUrl base URL of the agent plane as agents know it, without a slash at its end.
 * @throws RemitError `proof_invalid`.
 */
export function tokenShowing(
  { headers, method = '' }: IncomingMessage,
  publicUrl: string,
): Showing | undefined {
  const { dpop } = headers
  if (dpop === undefined) return undefined
  if (Array.isArray(dpop)) throw new RemitError('proof_invalid', 'send one `DPoP` header')
  return { proof: dpop, method, url: `${publicUrl}${TOKEN_PATH}`, at: 'token-endpoint' }
}

/** RFC 9449 §5 and §8: what OAuth calls what is wrong with a proof. */
export const PROOF_WORDS: Readonly<Record<string, string>> = {
  proof_missing: 'invalid_dpop_proof',
  proof_invalid: 'invalid_dpop_proof',
  proof_nonce: 'use_dpop_nonce',
}
