import { hash } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import type { Showing } from '../core/showing.ts'
import { badProof, readProof, tokenHash, type Proof } from './dpop-proof.ts'
import { ProofKeys } from './proof-key.ts'
import type { ProofNonces } from './proof-nonce.ts'
import { SeenProofs } from './seen-proofs.ts'

export interface ProofVerifier {
  /**
   * Takes a proof once.
   * @param of the token that came with it, and the thumbprint of the only key that will do; absent = any key.
   * @returns the thumbprint of the key that was shown.
   * @throws RemitError `proof_missing`, `proof_invalid`, `proof_nonce` (with `data.nonce`), `overloaded`.
   */
  check(showing: Showing, of: { readonly token: string; readonly key?: string | undefined }): string
}

export interface ProofVerifierOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly nonces: ProofNonces
  /** Without: a proof is good for a minute; a nonce is asked for only where clocks differ. */
  readonly nonceRequired: boolean
  /** Proofs that are remembered at a time. */
  readonly remembered: number
}

/** Milliseconds: how old a proof may be, and how far its maker's clock may be ahead. */
const AGE = 60_000
const AHEAD = 15_000

export function createProofVerifier(options: ProofVerifierOptions): ProofVerifier {
  const keys = new ProofKeys()
  // A nonce may be older than a proof's own time, and its proof is good as long as it is.
  const seen = new SeenProofs({ span: 2 * AGE + AHEAD, most: options.remembered })
  return {
    check(showing, { token, key }) {
      if (showing.proof === undefined) throw missingProof()
      const proof = readProof(showing.proof, keys, key)
      checkRequest(proof, showing, token)
      checkTime(proof, options)
      const used = hash('sha256', `${proof.thumbprint}.${proof.id}`, 'base64url')
      if (!seen.use(used, options.now())) throw badProof('it was used already')
      return proof.thumbprint
    },
  }
}

export function missingProof(): RemitError {
  return new RemitError(
    'proof_missing',
    'this token is bound to a key: send it as `Authorization: DPoP …` with a proof in the `DPoP` header, as `remit connect` does; without its key it is of no use',
  )
}

function checkRequest({ method, url, tokenHash: ath }: Proof, showing: Showing, token: string): void {
  if (method !== showing.method) throw badProof(`it is for \`${method.slice(0, 16)}\``)
  if (url !== showing.url && !sameUrl(url, showing.url)) {
    throw badProof(`it is not for \`${showing.url}\`, the URL that was asked`)
  }
  if (ath === undefined && showing.at === 'token-endpoint') return
  if (ath !== tokenHash(token)) throw badProof('it is not for the token that came with it (`ath`)')
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/

/** RFC 9449 §4.3: without query and fragment, however it is spelled; this machine has three names. */
function sameUrl(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => {
    const url = URL.parse(text)
    if (url !== null) {
      url.search = ''
      url.hash = ''
      if (LOOPBACK.test(url.hostname)) url.hostname = '127.0.0.1'
    }
    return url?.href
  })
  return a !== undefined && a === b
}

function checkTime({ made, nonce }: Proof, { now, nonces, nonceRequired }: ProofVerifierOptions): void {
  if (nonce !== undefined) {
    if (!nonces.isFresh(nonce)) throw askNonce(nonces, 'its nonce is not one that is good now')
    return
  }
  if (nonceRequired) throw askNonce(nonces, 'it needs the nonce of this answer')
  const age = now() - made
  if (age > AGE || age < -AHEAD) throw askNonce(nonces, 'it is too old or from the future')
}

/** RFC 9449 §8. */
function askNonce(nonces: ProofNonces, why: string): RemitError {
  return new RemitError(
    'proof_nonce',
    `the \`DPoP\` proof is not good: ${why}; make one with the nonce in \`DPoP-Nonce\``,
    { data: { nonce: nonces.next() } },
  )
}
