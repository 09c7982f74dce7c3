import { createHash, verify } from 'node:crypto'
import { RemitError } from '../core/errors.ts'
import { equalSecrets } from '../net/constant-time.ts'
import { spend } from './entries.ts'
import type { LoginDeps } from './login-deps.ts'
import { type RequestKey, toPublicKey } from './request-key.ts'

/** What is signed of a request, as it came. */
export interface SignedRequest {
  readonly method: string
  /** The `Host` header. */
  readonly authority: string
  /** Path and query as they were sent. */
  readonly target: string
  readonly body: Uint8Array
  /** Values of `Content-Digest`, `Signature-Input` and `Signature`. */
  readonly contentDigest: string | undefined
  readonly signatureInput: string | undefined
  readonly signature: string | undefined
}

/** The one form that the pages of this plane send (RFC 9421 section 2.3). */
const INPUT =
  /^remit=(\("@method" "@authority" "@path" "@query" "content-digest"\);created=(\d{10});nonce="([\w-]{22,64})";alg="ecdsa-p256-sha256")$/
const SIGNATURE = /^remit=:([A-Za-z0-9+/]{86}==):$/
/** Milliseconds that the two clocks may be apart; the pages reckon with the gateway’s. */
const SKEW = 60_000

/**
 * Proves that a request comes from the page that made the key: an HTTP message signature (RFC 9421) over method,
 * authority, path, query and digest of the body (RFC 9530), made in the last minute, good once on all replicas.
 * @throws RemitError `signature_invalid`, `signature_replayed`.
 */
export async function verifyProof(
  deps: Pick<LoginDeps, 'tenant' | 'store' | 'journal' | 'clock'>,
  key: RequestKey,
  request: SignedRequest,
): Promise<void> {
  const [, parameters = '', created = '', nonce = ''] = INPUT.exec(request.signatureInput ?? '') ?? []
  const signature = SIGNATURE.exec(request.signature ?? '')?.[1]
  if (parameters === '' || signature === undefined) {
    throw invalid('a session’s request must be signed by the page that logged in; load the page again')
  }
  const digest = `sha-256=:${createHash('sha256').update(request.body).digest('base64')}:`
  if (!equalSecrets(request.contentDigest ?? '', digest)) throw invalid('the body is not the one signed')
  const now = deps.clock.now()
  if (Math.abs(now - Number(created) * 1000) > SKEW) {
    throw invalid('the signature is not of this minute; load the page again')
  }
  const base = Buffer.from(signatureBase(request, parameters))
  const genuine = verify(
    'sha256',
    base,
    { key: toPublicKey(key), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64'),
  )
  if (!genuine) throw invalid('the request is not signed by the key of its session; log in again')
  const changes = spend(deps, `proof\n${key.x}\n${nonce}`, now + 2 * SKEW)
  if ((await deps.journal.commit({ records: [], changes })) === 'conflict') {
    throw new RemitError('signature_replayed', 'this request was sent before; load the page again')
  }
}

function signatureBase({ method, authority, target, contentDigest }: SignedRequest, parameters: string) {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const query = mark < 0 ? '?' : target.slice(mark)
  return [
    `"@method": ${method}`,
    `"@authority": ${authority.toLowerCase()}`,
    `"@path": ${path}`,
    `"@query": ${query}`,
    `"content-digest": ${contentDigest ?? ''}`,
    `"@signature-params": ${parameters}`,
  ].join('\n')
}

function invalid(message: string): RemitError {
  return new RemitError('signature_invalid', message)
}
