import { createHmac, randomBytes } from 'node:crypto'
import { ProofNonces } from '../identity/proof-nonce.ts'
import { createProofVerifier, type ProofVerifier } from '../identity/proof-verifier.ts'
import type { Foundation } from './open-foundation.ts'
import { SYSTEM_CLOCK } from './system-clock.ts'

/** As many as 1,000 requests in a second make in the time for which proofs are remembered. */
const REMEMBERED = 300_000

/** A nonce is good at every replica, or at the one alone that made it. */
export function proofVerifier({ keys, loaded }: Foundation): ProofVerifier {
  const { nonce } = loaded.config.proofs
  const key =
    nonce === 'per-replica'
      ? randomBytes(32)
      : createHmac('sha256', keys.requestState).update('nonces of proofs').digest()
  const now = (): number => SYSTEM_CLOCK.now()
  return createProofVerifier({
    now,
    nonces: new ProofNonces(key, now),
    nonceRequired: nonce !== 'on-skew',
    remembered: REMEMBERED,
  })
}
