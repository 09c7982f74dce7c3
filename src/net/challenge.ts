/** What a proof may be signed with (RFC 9449 §7.1). */
export const PROOF_ALGORITHMS = ['ES256', 'EdDSA']

/** RFC 9449 §7.1: what is wrong, in its words. */
const PROOF_ERRORS: Readonly<Record<string, string>> = {
  proof_missing: 'invalid_token',
  proof_invalid: 'invalid_dpop_proof',
  proof_nonce: 'use_dpop_nonce',
}

/**
 * `WWW-Authenticate` of a 401 (RFC 6750 §3, RFC 9449 §7.1).
 * @param code why the token that was sent, or is missing, is not good. @param more parameters beside.
 */
export function challenge(code: string, ...more: readonly string[]): string {
  const proof = PROOF_ERRORS[code]
  if (proof !== undefined) {
    return `DPoP ${[`error="${proof}"`, `algs="${PROOF_ALGORITHMS.join(' ')}"`, ...more].join(', ')}`
  }
  const error = code === 'token_missing' ? [] : ['error="invalid_token"']
  return ['Bearer', [...error, ...more].join(', ')].filter((part) => part !== '').join(' ')
}
