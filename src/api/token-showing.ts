import type { IncomingMessage } from 'node:http'
import { RemitError } from '../core/errors.ts'
import type { Presentation } from '../core/showing.ts'
import { clientCertificate } from '../net/client-certificate.ts'
import { TOKEN_PATH } from './token-grant.ts'

/**
 * How a request to the token endpoint shows a key (RFC 9449 §5), or else the certificate of its connection (RFC 8705 §3);
 * undefined = it shows neither.
 * @param publicUrl base URL of the agent plane as agents know it, without a slash at its end.
 * @throws RemitError `proof_invalid`.
 */
export function tokenShowing(request: IncomingMessage, publicUrl: string): Presentation | undefined {
  const { headers, method = '' } = request
  const { dpop } = headers
  if (dpop === undefined) return clientCertificate(request)
  if (Array.isArray(dpop)) throw new RemitError('proof_invalid', 'send one `DPoP` header')
  return { proof: dpop, method, url: `${publicUrl}${TOKEN_PATH}`, at: 'token-endpoint' }
}

/** RFC 9449 §5 and §8: what OAuth calls what is wrong with a proof. */
export const PROOF_WORDS: Readonly<Record<string, string>> = {
  proof_missing: 'invalid_dpop_proof',
  proof_invalid: 'invalid_dpop_proof',
  proof_nonce: 'use_dpop_nonce',
}
